"""Model files: sessions, cards, and the ones that ship."""
