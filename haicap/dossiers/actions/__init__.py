"""Writing: every change of a dossier is made here, in imports."""
