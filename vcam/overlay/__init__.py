"""What people see on the picture."""
