"""Recognition: finds hands, names their gestures, follows them. Models, scores, image quality."""
