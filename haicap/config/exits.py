"""What a command's exit code says (docs/howto/operator.md); the numbers above 63 are those of sysexits.h."""

FINE = 0
FOUND = 1  # the command did its work and found what should not be, or it failed
REFUSED = 2  # what was asked for cannot be done; the reason is on one line of stderr
USAGE = 64
UNAVAILABLE = 69  # the database does not answer
INTERRUPTED = 130
