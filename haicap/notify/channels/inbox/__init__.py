"""The inbox inside Haicap: always there, needs no address."""
