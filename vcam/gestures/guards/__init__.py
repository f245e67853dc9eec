"""Guards against firing by accident: one small rule a file, each with its own switch."""
