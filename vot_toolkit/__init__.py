"""Score visual object trackers by the VOT2018 rules, and run them under the reset protocol."""
