"""The API of an open service: its parts put together, and hosted on the address that the settings name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING

from projections.saved.saved_shelf import SavedShelf
from services.access.access_book import open_access_book
from services.access.commands_book import noted_by_commands
from services.backlog import Backlog
from services.http.app import http_app
from services.http.hosting import hosted
from services.http.parts import Limits, Parts
from services.identity.token_keys import LocalKey, provided_keys
from services.identity.tokens import AUDIENCE, LOCAL_ISSUER, TokenReader
from services.policy.kept_policies import KeptPolicies
from services.policy.of_district import policy_in_force
from services.proving.checkpoint_folder import CheckpointFolder
from services.rules.papers import RulePapers
from services.stores.ledgers import is_embedded, open_keys, place_of_views
from services.stores.readers import Readers

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from projections.policy.policy import Policy
    from services.serving import Service
    from services.settings.service import Settings


@contextmanager
def serving_http(service: Service, clock: Callable[[], dt.datetime]) -> Iterator[str]:
    """Answer HTTP while the block runs; give the address. Raise SettingError, LedgerError or ListenError."""
    settings = service.settings
    with parts_of(service, clock) as parts, hosted(http_app(parts), settings.host, settings.port) as address:
        yield address


@contextmanager
def parts_of(service: Service, clock: Callable[[], dt.datetime]) -> Iterator[Parts]:
    """Give what the API of an open service is made of; raise SettingError or LedgerError."""
    settings, beside = service.settings, service.beside
    with ExitStack() as opened:
        keys = opened.enter_context(open_keys(settings, impatient=True))
        place = place_of_views(settings, impatient=True)
        views = Readers(partial(place.watch, writable=False))
        opened.callback(views.close)
        view_rows = Readers(partial(place.rows, writable=False))
        opened.callback(view_rows.close)
        view_history = Readers(partial(place.history, writable=False))
        opened.callback(view_history.close)
        book, access = opened.enter_context(
            open_access_book(settings.access or settings.data, settings.hash_algorithm, clock)
        )
        kept = KeptPolicies(settings.data)

        def policy_of(district: str) -> Policy:
            with views() as saved:
                return policy_in_force(SavedShelf(saved, service.reader, district), kept.find)

        yield Parts(
            recorder=service.recorder,
            ledger=service.reader,
            views=views,
            tokens=token_reader(settings, clock),
            clock=clock,
            backlog=Backlog(clock()),
            keys=keys,
            notes=book,
            access=access,
            watched=service.watched_districts,
            checkpoints=partial(CheckpointFolder, settings.data),
            noted_by_commands=partial(noted_by_commands, settings.access or settings.data),
            judge=service.judge,
            policy_of=policy_of,
            find_policy=kept.find,
            keep_policy=kept.keep if is_embedded(settings) else None,
            judge_restarts=None if beside is None else lambda: beside.ended_by_itself,
            limits=limits_of(settings),
            view_rows=view_rows,
            view_history=view_history,
            papers=RulePapers(settings.texts),
            spans=service.spans,
        )


def token_reader(settings: Settings, clock: Callable[[], dt.datetime]) -> TokenReader:
    """Return the reader of tokens that the settings ask for; raise SettingError when its keys cannot be used."""
    if settings.token_keys is None:
        return TokenReader(LocalKey(settings.data), clock, audience=AUDIENCE, issuer=LOCAL_ISSUER)
    return TokenReader(
        provided_keys(settings.token_keys), clock, audience=settings.token_audience, issuer=settings.token_issuer
    )


def limits_of(settings: Settings) -> Limits:
    """Return the limits that the settings ask for."""
    rate = float(settings.requests_a_second)
    return Limits(
        body_bytes=settings.body_bytes,
        body_seconds=float(settings.body_seconds),
        rate=rate,
        burst=5 * settings.requests_a_second,
    )
