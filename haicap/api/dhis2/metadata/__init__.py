"""Reading definitions as DHIS2 gives them: which fields, which filter, which page."""
