"""What the program does about it."""
