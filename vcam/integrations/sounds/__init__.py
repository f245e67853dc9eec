"""Soft sounds for those who do not watch the picture."""
