"""Scores from the first day, before there are outcomes to learn from."""
