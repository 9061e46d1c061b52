"""Words of the screen: Vietnamese msgids in the source, one English and one Bengali catalogue per room.

GNU gettext is not needed: msgids are read from the syntax trees of Python and of Django's templates, and
Babel writes the compiled catalogues.
"""
