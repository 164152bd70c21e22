"""Packages that are installed only by those who want them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from siammask.errors import RuntimeUnavailableError


def require(package: str, extra: str) -> Any:
    """Import a package of an extra.

    Parameters
    ----------
    package : str
        The name to import.
    extra : str
        The extra of this distribution that installs it.

    Returns
    -------
    module
        The package.

    Raises
    ------
    RuntimeUnavailableError
        If it is not installed, or cannot be loaded.

    Examples
    --------
    >>> require("no_such_package", "torch")
    Traceback (most recent call last):
    ...
    siammask.errors.RuntimeUnavailableError: no_such_package is not installed \
(pip install 'siammask-bench[torch]')
    """
    try:
        return import_module(package)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != package.partition(".")[0]:
            raise
        raise RuntimeUnavailableError(f"{package} is not installed", hint=advice(extra)) from None
    except ImportError as error:
        fault = f"{package} is installed but cannot be loaded: {error}"
        raise RuntimeUnavailableError(fault, hint=f"again: {advice(extra)}") from error


def advice(extra: str) -> str:
    """Say how an extra is installed."""
    return f"pip install 'siammask-bench[{extra}]'"
