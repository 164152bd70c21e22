"""What a command that scores prints and writes, and whether it can."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from vot_toolkit.analysis import Analysis
from vot_toolkit.places import check_file
from vot_toolkit.report.tables import show


@dataclass(frozen=True)
class Output:
    """Where an analysis goes.

    Parameters
    ----------
    attributes, per_sequence : bool
        Whether these tables are printed.
    ci : bool
        Whether scores carry their intervals.
    json_file, html_file : Path, optional
        What is written.
    """

    attributes: bool = False
    per_sequence: bool = False
    ci: bool = False
    json_file: Path | None = None
    html_file: Path | None = None

    def check(self) -> None:
        """Find a place of no use, and libraries that are absent, before the work.

        Raises
        ------
        UsageError
            Names the option.
        """
        if self.json_file is not None:
            check_file("--json", self.json_file)
        if self.html_file is not None:
            from vot_toolkit.report.extra import check_report_extra

            check_file("--html", self.html_file)
            check_report_extra()

    def print(self, analysis: Analysis, console: Console) -> None:
        """Print the tables."""
        show(
            analysis,
            console,
            per_sequence=self.per_sequence,
            attributes=self.attributes,
            ci=self.ci,
        )

    def write(self, analysis: Analysis) -> None:
        """Write the files."""
        if self.json_file is not None:
            analysis.write_json(self.json_file, ci=self.ci)
        if self.html_file is not None:
            from vot_toolkit.report.writing import write_report

            write_report(analysis, "html", self.html_file)
