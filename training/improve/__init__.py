"""Learn from what a person said was wrong or missed: `python -m training improve`."""
