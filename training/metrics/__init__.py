"""Figures of merit, computed from counts and boxes; no model and no file is opened here."""
