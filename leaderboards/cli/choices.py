"""What the options of the commands accept, and what ``--help`` says of them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class BoardName(StrEnum):
    """Boards there are."""

    TRACKERS = "trackers"
    HARDWARE = "hardware"


class Format(StrEnum):
    """Formats of a board."""

    RICH = "rich"
    MARKDOWN = "markdown"
    LATEX = "latex"
    CSV = "csv"
    JSON = "json"


class RuleSet(StrEnum):
    """Rule sets, as the command line offers them."""

    VOT2018 = "vot2018"
    PYSOT = "pysot"
    MATLAB2019 = "matlab2019"
    MATLAB7 = "matlab7"
    VOT_TOOLKIT = "vot-toolkit"


StoreOption = Annotated[
    Path | None,
    typer.Option("--store", help="Folder of records; $LEADERBOARDS_STORE, else records/."),
]
AnywayOption = Annotated[
    bool, typer.Option("--anyway", help="Also where the two should not be compared.")
]
FilesArgument = Annotated[
    list[Path], typer.Argument(help="Records, analyses, logs, folders of these or of results.")
]
DatasetOption = Annotated[
    str | None, typer.Option("--dataset", help="Annotations, to score folders of results.")
]
RulesOption = Annotated[RuleSet, typer.Option("--rules", help="By which results are scored.")]
WhereOption = Annotated[
    list[str] | None,
    typer.Option("--where", help="KEY=VALUE that rows must have, * for any; may be repeated."),
]
SortOption = Annotated[
    str | None, typer.Option("--sort", help="Measure or fact; the best first, -KEY the worst.")
]
ColumnsOption = Annotated[
    str | None, typer.Option("--columns", help="Names of columns, with commas between.")
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to write it.")]
TopOption = Annotated[
    int | None,
    typer.Option("--top", min=1, help="Most rows of a table; 40 on a terminal, else all."),
]
SiteTopOption = Annotated[
    int | None, typer.Option("--top", min=1, help="Most rows of a table; all by default.")
]
OutOption = Annotated[
    Path, typer.Option("--out", help="Folder of the site: a new or empty one, or a site.")
]
HostsOption = Annotated[
    bool, typer.Option("--hosts", help="Also user and host, of records that name them.")
]
PublishedOption = Annotated[
    bool, typer.Option("--published/--measured", help="With published rows, or without.")
]
DropOption = Annotated[
    list[str] | None,
    typer.Option("--max-drop", help="MEASURE=VALUE by which it may be worse; may be repeated."),
]
RatioOption = Annotated[
    list[str] | None,
    typer.Option("--min-ratio", help="MEASURE=VALUE it must reach of the baseline's."),
]
