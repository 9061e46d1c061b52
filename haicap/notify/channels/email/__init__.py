"""E-mail through the SMTP server of the installation."""
