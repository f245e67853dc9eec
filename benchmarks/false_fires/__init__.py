"""How often gestures fire that nobody meant, and whether those that are meant fire."""
