"""What is drawn on the picture: boxes, the ring, captions, badges, reactions."""
