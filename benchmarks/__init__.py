"""Repeatable measurements against named peers, taken in the same run and printed as ratios."""
