"""Reports from communes: filled, checked, submitted, returned, accepted, locked, reopened."""
