"""The nets: our own small ones, and backbones that others know."""
