"""Knowing when not to: one small rule a file, each with its own switch."""
