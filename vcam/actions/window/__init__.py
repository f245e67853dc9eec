"""Which window has the focus, so that a key reaches no other."""
