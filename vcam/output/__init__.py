"""Where pictures go: a virtual camera, a window, a file, or nowhere."""
