"""What the person meant."""
