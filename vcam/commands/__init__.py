"""What `vcam` can do, one command a file."""
