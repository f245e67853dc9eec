"""Which window has the focus."""
