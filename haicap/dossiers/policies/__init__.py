"""May the dossier or the import be in that state? Rules without people."""
