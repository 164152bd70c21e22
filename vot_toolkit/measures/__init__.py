"""Measures: from overlaps to accuracy, robustness, EAO, average overlap and speed.

Pure functions over `ScoredRun` and `ScoredSequence`; the switches of a rule set choose among their
variants, nothing here asks for a rule set's name.
"""
