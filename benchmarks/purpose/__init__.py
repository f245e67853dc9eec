"""Whether a gesture is meant: rules beside a small learnt model, tried on people left out."""
