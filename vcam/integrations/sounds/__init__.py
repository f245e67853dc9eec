"""Soft sounds when a hold begins, a gesture fires or its action fails."""
