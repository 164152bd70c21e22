"""The commands that bring data sets here and into the form that is needed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vot_toolkit.cli import choices
from vot_toolkit.cli.choices import PlacedImages

data = typer.Typer()


@data.command()
def download(
    name: Annotated[str, typer.Argument(help="vot2013 … vot2021; any name with --url.")],
    out: Annotated[Path, typer.Option(help="The VOT folder, such as data/VOT2018.")],
    url: Annotated[
        str | None, typer.Option(help="A mirror: its description.json, or that one's folder.")
    ] = None,
    sequence: choices.SequenceOption = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Sequences at a time.")] = 4,
    checksums: Annotated[
        bool, typer.Option("--checksums/--no-checksums", help="Compare them.")
    ] = True,
) -> None:
    """Download a VOT data set; goes on where it was stopped."""
    from vot_toolkit.cli.console import terminal
    from vot_toolkit.cli.download import download_command

    status = download_command(
        name,
        out,
        terminal(),
        url=url,
        sequences=sequence,
        workers=workers,
        checksums=checksums,
    )
    raise typer.Exit(status)


@data.command()
def convert(
    dataset: Annotated[str, typer.Argument(help="VOT folder, VOT2018.json, or a name.")],
    out: Annotated[Path, typer.Argument(help="FILE.json, or the VOT folder to write.")],
    images: Annotated[
        PlacedImages, typer.Option(help="Whether a folder gets the images too.")
    ] = PlacedImages.NONE,
    force: Annotated[bool, typer.Option("--force", help="Replace other content.")] = False,
) -> None:
    """Write a VOT folder as JSON, or JSON as a VOT folder, to the last bit."""
    from vot_toolkit.cli.console import terminal
    from vot_toolkit.cli.convert import convert_command

    status = convert_command(dataset, out, terminal(), images=images.value, force=force)
    raise typer.Exit(status)
