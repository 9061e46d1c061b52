"""The part of DHIS2's Web API that other systems use to read metadata and exchange figures (ADR 0018)."""
