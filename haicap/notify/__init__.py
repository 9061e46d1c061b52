"""Messages to people: an inbox, e-mail and web hooks; nobody is told twice, and nothing is told to nobody."""
