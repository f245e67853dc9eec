"""One run of the program: composed, steered and closed."""
