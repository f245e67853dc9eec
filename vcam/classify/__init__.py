"""What a hand shows, and whose left or right it is."""
