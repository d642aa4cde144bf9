"""taizhang replay --view: a whole view as it stood at a moment."""

from __future__ import annotations

import sys
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

import msgspec

from events.moment import datetime_of
from projections.databases.views_database import ViewsError
from projections.saved.saved_shelf import SavedShelf
from projections.views.catalogue import VIEWS
from projections.views.query import Query
from services.commands.progress import progress_bar
from services.commands.view_tables import filters_of, print_page
from services.policy.kept_policies import KeptPolicies
from services.replay.view_as_of import ViewAsOf, checked_view, settings_then
from services.stores.ledgers import open_kept_keys, place_of_views
from services.views.asking import AskedBy

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    from events.fact import AnyFact
    from events.ledger.port import LedgerReader
    from projections.policy.policy import Policy
    from projections.replay.as_of import AsOf
    from projections.view_rows.history import ViewHistory
    from services.replay.basis import DistrictBasis
    from services.replay.indexing import Sources
    from services.settings.service import Settings


def show_view(
    settings: Settings, args: argparse.Namespace, sources: Sources, basis: DistrictBasis, as_of: AsOf
) -> None:
    """Print one page of a view as it stood; raise QueryError for what cannot be asked."""
    checked_view(args.view, as_of)
    query = Query(filters=filters_of(args.filter), order=args.order, after=args.after, limit=args.limit)
    policy = _policy(settings, args.district, sources, as_of)
    with ExitStack() as opened:
        keys = opened.enter_context(open_kept_keys(settings))
        by = AskedBy(now=datetime_of(as_of.hour), policy=policy, keys=keys)
        history = None if args.from_ledger else _history(settings, opened)
        asking = ViewAsOf(sources.ledger, basis, args.district, as_of, progress_bar, history=history, sources=sources)
        found = asking.page(args.view, query, by)
    if args.json:
        sys.stdout.write(f"{msgspec.json.encode(found).decode()}\n")
    else:
        print_page(VIEWS[args.view].description, found)


def _history(settings: Settings, opened: ExitStack) -> ViewHistory | None:
    """Open the history of the views, as far as it can be used; without it a view is fed anew."""
    with suppress(ViewsError):
        return opened.enter_context(place_of_views(settings).history(writable=False))
    return None


def _policy(settings: Settings, district: str, sources: Sources, as_of: AsOf) -> Policy:
    """Return the house settings in force then, by the facts that the watch saved, else by all of the ledger."""
    if sources.views is None:
        facts: Iterable[AnyFact] = _every_fact(sources.ledger, district)
    else:
        facts = SavedShelf(sources.views, sources.ledger, district).settings_facts()
    return settings_then(facts, KeptPolicies(settings.data).find, as_of)


def _every_fact(ledger: LedgerReader, district: str) -> Iterator[AnyFact]:
    position = 0
    while facts := ledger.read(district, position):
        yield from facts
        position = facts[-1].sequence
