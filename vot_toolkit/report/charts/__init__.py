"""Charts: Altair definitions on plain records, for pages and for files.

They name trackers and roles, never colours: a theme of `vot_toolkit.report.palette` gives these.
"""

from vot_toolkit.report.charts.accuracy_robustness import SENSITIVITY, ar_plot
from vot_toolkit.report.charts.attributes import attribute_bars, by_attribute
from vot_toolkit.report.charts.curves import expected_overlap, success
from vot_toolkit.report.charts.ranks import ranks
from vot_toolkit.report.charts.sequences import failure_map, sequence_map
from vot_toolkit.report.charts.speed import speed_plot
from vot_toolkit.report.charts.style import Chart, Records, Style

__all__ = [
    "SENSITIVITY",
    "Chart",
    "Records",
    "Style",
    "ar_plot",
    "attribute_bars",
    "by_attribute",
    "expected_overlap",
    "failure_map",
    "ranks",
    "sequence_map",
    "speed_plot",
    "success",
]
