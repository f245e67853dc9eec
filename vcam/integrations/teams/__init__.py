"""Microsoft Teams, by its local interface for third-party devices."""
