"""The operating system underneath: paths, files, time, signals, devices."""
