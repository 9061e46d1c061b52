"""People, the positions they hold, and what that lets them see."""
