"""The command ``export``: a checkpoint for other programs."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console


def export(
    checkpoint: Path, out: Path, format: str = "onnx", console: Console | None = None
) -> int:
    """Write a checkpoint as graphs, and say what was written.

    Parameters
    ----------
    checkpoint : Path
        A file of weights.
    out : Path
        The folder for the graphs; made when missing.
    format : str
        ``onnx``.
    console : Console, optional
        Where to print.

    Returns
    -------
    int
        Exit status: 0.

    Raises
    ------
    UserError
        If the checkpoint cannot be loaded, a package is missing, or a graph does not compute what
        the network does.
    """
    from siammask.cli.console import note, terminal
    from siammask.extras import require

    require("torch", "torch")
    from siammask.export import TOLERANCE
    from siammask.export import export as write

    console = console or terminal()
    for path in write(checkpoint, out, format):
        note(console, f"{path}, {path.stat().st_size / 1e6:.1f} MB")
    note(console, f"onnxruntime gives what torch does, within {TOLERANCE:g}")
    return 0
