"""The commands ``import`` and ``pack``, and their options."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from vot_toolkit.cli import choices
from vot_toolkit.cli.choices import ScoredExperiment

exchange = typer.Typer()


class Layout(StrEnum):
    """Layouts of results that can be imported."""

    OFFICIAL = "official"
    BIN = "bin"
    PYSOT = "pysot"
    GOT10K = "got10k"


@exchange.command("import")
def import_(
    source: Annotated[Path, typer.Argument(help="Folder of trackers' folders, or of one tracker.")],
    dataset: choices.ScoredDatasetOption,
    out: Annotated[Path, typer.Option(help="Folder of all trackers' results.")] = Path("results"),
    format: Annotated[
        Layout | None, typer.Option(help="Whose layout; told from the files by default.")
    ] = None,
    tracker: Annotated[str | None, typer.Option(help="Name for the tracker.")] = None,
    experiment: Annotated[
        ScoredExperiment | None, typer.Option(help="Where the layout does not tell.")
    ] = None,
) -> None:
    """Bring results made elsewhere into the official layout; they are checked first."""
    from vot_toolkit.cli.console import terminal
    from vot_toolkit.cli.dataset import open_shown
    from vot_toolkit.exchange.importing import import_results
    from vot_toolkit.places import check_folder
    from vot_toolkit.wording import counted, listed

    check_folder("--out", out)
    console = terminal()
    annotations = open_shown(dataset, console)
    for done in import_results(
        source,
        out,
        annotations,
        layout=format and format.value,
        tracker=tracker,
        experiment=experiment and experiment.value,
    ):
        text = f"{done.tracker}: {done.experiment}, {counted(done.num_files, 'file')}"
        if done.missing:
            missing = counted(len(done.missing), "sequence")
            text += f"; no results for {missing}: {listed(done.missing)}"
        console.print(text, markup=False, highlight=False, soft_wrap=True)
    console.print(f"results: {out}", markup=False, highlight=False, soft_wrap=True)


@exchange.command()
def pack(
    tracker: Annotated[str, typer.Argument(help="Folder of its results.")],
    dataset: choices.ScoredDatasetOption,
    results: Annotated[Path, typer.Option(help="Folder of all trackers' results.")] = Path(
        "results"
    ),
    out: Annotated[Path | None, typer.Option(help="The zip; TRACKER.zip by default.")] = None,
) -> None:
    """Make the zip of a tracker's results, whole and sound, with a manifest."""
    from vot_toolkit.cli.console import terminal
    from vot_toolkit.cli.dataset import open_shown
    from vot_toolkit.exchange.packing import pack as pack_results
    from vot_toolkit.places import check_file
    from vot_toolkit.wording import counted

    target = out or Path(f"{tracker}.zip")
    check_file("--out", target)
    console = terminal()
    count = pack_results(results, tracker, open_shown(dataset, console), target)
    text = f"{target}: {counted(count, 'file')} and a manifest"
    console.print(text, markup=False, highlight=False, soft_wrap=True)
