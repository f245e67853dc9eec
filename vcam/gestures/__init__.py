"""Deciding what the person meant: holds, swipes, sequences and guards. No pixels, no clock."""
