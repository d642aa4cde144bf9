"""How fast the views in SQLite files take facts and answer, beside a bare indexed select on the same file."""

from __future__ import annotations

import tempfile
from pathlib import Path

from events.keys import MemoryKeys
from events.sqlite.ledger import SqliteLedger
from services.stores.views_places import FolderPlace
from services.views.rebuilding_beside import Share
from tests.bench.views_measured import Result, measured


def bench_views() -> list[Result]:
    """Measure them beside an embedded ledger."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.sqlite"
        with SqliteLedger(path, keys=MemoryKeys()) as ledger:
            return measured("views", ledger, FolderPlace(Path(folder)), Share(folder, None))
