"""The commands and their options; the work is done in the module of each command.

Only Typer is imported here, so that ``--help`` answers at once.
"""

from __future__ import annotations

import sys
from io import TextIOWrapper
from typing import Annotated

import typer

from leaderboards.cli import choices
from leaderboards.cli.choices import BoardName, Format, RuleSet
from vot_toolkit.errors import UserError

app = typer.Typer(
    name="leaderboards",
    help="Compare trackers, checkpoints and hardware by the records of what was measured.",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


@app.command()
def add(
    files: choices.FilesArgument,
    dataset: choices.DatasetOption = None,
    rules: choices.RulesOption = RuleSet.VOT2018,
    store: choices.StoreOption = None,
) -> None:
    """Add records, results, analyses or logs to the store."""
    from leaderboards.cli.add import add_command

    raise typer.Exit(add_command(files, dataset=dataset, rules=rules.value, store=store))


@app.command()
def show(
    board: Annotated[BoardName, typer.Argument(help="Which board.")] = BoardName.TRACKERS,
    where: choices.WhereOption = None,
    sort: choices.SortOption = None,
    columns: choices.ColumnsOption = None,
    format: choices.FormatOption = Format.RICH,
    top: choices.TopOption = None,
    published: choices.PublishedOption = True,
    store: choices.StoreOption = None,
) -> None:
    """Show a board: which tracker is better, or which hardware is faster."""
    from leaderboards.cli.show import show_command

    raise typer.Exit(
        show_command(
            board.value,
            where=where or (),
            sort=sort,
            columns=columns,
            format=format.value,
            top=top,
            published=published,
            store=store,
        )
    )


@app.command()
def compare(
    first: Annotated[str, typer.Argument(metavar="A", help="Label, hash or file.")],
    second: Annotated[str, typer.Argument(metavar="B", help="Label, hash or file.")],
    anyway: choices.AnywayOption = False,
    store: choices.StoreOption = None,
) -> None:
    """Say by how much B differs from A, and what that is worth."""
    from leaderboards.cli.compare import compare_command

    raise typer.Exit(compare_command(first, second, anyway=anyway, store=store))


@app.command()
def publish(
    out: choices.OutOption,
    where: choices.WhereOption = None,
    sort: choices.SortOption = None,
    columns: choices.ColumnsOption = None,
    top: choices.SiteTopOption = None,
    published: choices.PublishedOption = True,
    hosts: choices.HostsOption = False,
    store: choices.StoreOption = None,
) -> None:
    """Write both boards, their charts and records as pages that need no network and no server."""
    from leaderboards.boards.board import View
    from leaderboards.boards.condition import parse_condition
    from leaderboards.cli.publish import publish_command
    from leaderboards.cli.show import column_names

    conditions = tuple(parse_condition(text) for text in where or ())
    view = View(conditions, sort, column_names(columns), top, published)
    raise typer.Exit(publish_command(out, view, hosts=hosts, store=store))


@app.command()
def gate(
    baseline: Annotated[str, typer.Option(help="What is to be reached: label, hash or file.")],
    record: Annotated[
        str | None, typer.Argument(help="What is tested; the newest of the baseline's label.")
    ] = None,
    max_drop: choices.DropOption = None,
    min_ratio: choices.RatioOption = None,
    anyway: choices.AnywayOption = False,
    store: choices.StoreOption = None,
) -> None:
    """Exit with 1 when a record is worse than a baseline by more than is allowed."""
    from leaderboards.cli.gate import gate_command

    raise typer.Exit(
        gate_command(
            record,
            baseline=baseline,
            max_drop=max_drop or (),
            min_ratio=min_ratio or (),
            anyway=anyway,
            store=store,
        )
    )


def main() -> None:
    """Run the command line: a user's error is one line and its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without Unicode shows question marks
    try:
        app()
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_status)
