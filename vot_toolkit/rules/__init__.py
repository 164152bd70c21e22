"""Rule sets as data: the constants and choices by which each reference program scores.

One TOML file a rule set; every value names its source. The program never asks for the name of a
rule set, only for its switches. The switches and what they mean are the fields of `OverlapRules`,
`MeasureRules` and `ResultRules`.
"""

from vot_toolkit.rules.loader import as_rules, load_rules, rule_names
from vot_toolkit.rules.switches import MeasureRules, OverlapRules, ResultRules, Rules

__all__ = [
    "MeasureRules",
    "OverlapRules",
    "ResultRules",
    "Rules",
    "as_rules",
    "load_rules",
    "rule_names",
]
