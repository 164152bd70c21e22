"""Stop unless overlap is computed by the backend that a check is about."""

from __future__ import annotations

import sys

from vot_toolkit import overlap_backend

wanted = sys.argv[1]
found = overlap_backend()
print(f"overlap backend: {found}")
sys.exit(0 if found == wanted else f"expected {wanted}")
