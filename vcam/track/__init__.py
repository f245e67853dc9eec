"""Hands keep their identity from frame to frame."""
