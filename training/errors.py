"""What training says when a person has to fix something."""


class TrainingError(Exception):
    """A mistake that a person can fix, said in one sentence; the command exits with code 2."""
