"""Where the hands are."""
