"""Where pictures come from: a camera, a video file, a folder of pictures, or the demo clip."""
