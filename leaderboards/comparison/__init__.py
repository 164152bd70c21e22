"""Comparisons of two records: whether they may be compared, and what their difference is worth."""
