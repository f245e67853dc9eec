"""What the school says when a person has to mend something."""


class SchoolError(Exception):
    """A mistake that a person can mend, told in one sentence; the commands end with exit code 2."""
