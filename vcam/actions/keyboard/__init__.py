"""Keys: pressed, held, let go, and heard."""
