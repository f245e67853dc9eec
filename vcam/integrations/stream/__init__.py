"""Events for programs on this computer, which may tell back."""
