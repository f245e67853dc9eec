"""The two paths of a run, video and recognition, which never wait for each other."""
