"""The command line of ``python -m trainers.prepare``; the work is done in `command`.

Only Typer is imported here, so that ``--help`` answers at once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from trainers.prepare.sets import SetName
from vot_toolkit.errors import UsageError, UserError

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it: 128 and the signal's number."""

app = typer.Typer(
    name="trainers.prepare",
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


@app.command()
def prepare(
    name: Annotated[SetName, typer.Argument(metavar="SET", help="What kind of data set it is.")],
    source: Annotated[
        Path | None, typer.Argument(help="Where it was unpacked; not needed for --check.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder to write to; data/SET by default.")
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; one a core.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Verify a prepared folder.")] = False,
    pack: Annotated[
        bool, typer.Option("--pack", help="Also write the crops packed, for faster training.")
    ] = False,
    original: Annotated[
        bool, typer.Option("--original", help="In vid, keep only the last run of a track.")
    ] = False,
    licences: Annotated[
        str | None,
        typer.Option(help="In coco and rendered, only images under these, such as 4,5,7,8."),
    ] = None,
) -> None:
    """Turn a data set into crops of 511x511 px and a JSON of boxes; goes on where it was stopped.

    SET is ytb_vos, coco, det or vid as they are downloaded, folder for videos of your own, or
    rendered for scenes that are made from the pictures of a folder of COCO.
    """
    from trainers.prepare.command import check_command, prepare_command
    from vot_toolkit.cli.console import terminal

    place = out or Path("data") / name.value
    if source is None and not check:
        raise UsageError("no SOURCE", hint=f"where {name.value} was unpacked to")
    try:
        if source is None or check:
            status = check_command(place, terminal(), workers=workers)
        else:
            status = prepare_command(
                name,
                source,
                place,
                terminal(),
                workers=workers,
                original=original,
                pack=pack,
                licences=licences,
            )
    except KeyboardInterrupt:
        print("stopped; what is there is whole, and the same command goes on", file=sys.stderr)
        status = INTERRUPTED
    raise typer.Exit(status)


def main() -> None:
    """Run the command line: a user's error is one line and its exit status."""
    try:
        app()
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_status)
