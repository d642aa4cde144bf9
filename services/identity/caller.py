"""Who asks: what a token says of its bearer."""

from __future__ import annotations

from msgspec import Struct

from services.recording.authorisation import Principal, Role


class Caller(Struct, frozen=True, kw_only=True):
    """The bearer of a token: its subject, the roles, the districts they hold in, and the person, unit and post."""

    subject: str
    roles: frozenset[Role]
    districts: frozenset[str]
    person: str | None = None
    unit: str | None = None
    post: str | None = None

    def principal(self) -> Principal:
        """Return the bearer as the recorder knows him."""
        return Principal(self.subject, self.roles, self.districts)


NOBODY = Caller(subject="", roles=frozenset(), districts=frozenset())
"""Who asks without a token."""
