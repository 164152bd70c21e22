"""Tuning: look for a tracker's best options on some sequences, and try them on the others."""
