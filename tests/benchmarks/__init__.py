"""Tests of what people run to measure."""
