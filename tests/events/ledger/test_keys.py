"""The keys of persons in their own file."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from msgspec.structs import replace

from events.keys import KeyFile, MemoryKeys
from events.ledger.errors import LedgerError, PersonErasedError, SealedTextDamagedError
from events.personal import personal_fields, reveal, seal
from events.vocabulary import FACTS
from tests.events.ledger.examples import XINZHOU, YUANZHOU, registered, withdrawn

ACT = UUID("00000000-0000-4000-8000-000000000009")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.sqlite"


@pytest.fixture
def keys(path: Path) -> Iterator[KeyFile]:
    opened = KeyFile(path)
    yield opened
    opened.close()


def test_a_key_is_kept_for_each_person_and_district(path: Path, keys: KeyFile) -> None:
    made = {(d, p): keys.find_or_make(d, p) for d in (XINZHOU, YUANZHOU) for p in ("p-li", "p-sun")}
    keys.close()
    again = KeyFile(path)
    assert {place: again.find(*place) for place in made} == made
    assert len(set(made.values())) == 4
    again.close()


def test_a_person_without_a_key_has_none(keys: KeyFile) -> None:
    assert keys.find(XINZHOU, "p-li") is None


def test_a_destroyed_key_is_gone_from_the_file_and_never_made_again(path: Path, keys: KeyFile) -> None:
    key = keys.find_or_make(XINZHOU, "p-li")
    assert key in path.read_bytes()
    assert (keys.erase(XINZHOU, "p-li", ACT), keys.erase(XINZHOU, "p-li", ACT)) == (True, False)
    for ask in (keys.find, keys.find_or_make):
        with pytest.raises(PersonErasedError):
            ask(XINZHOU, "p-li")
    assert (key in path.read_bytes(), str(ACT).encode() in path.read_bytes()) == (False, True)


def test_the_file_is_for_its_owner_alone(path: Path, keys: KeyFile) -> None:
    keys.find_or_make(XINZHOU, "p-li")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("place", ["letter.txt", "no such folder/keys.sqlite"])
def test_a_file_that_cannot_hold_keys_is_refused_by_code(tmp_path: Path, place: str) -> None:
    (tmp_path / "letter.txt").write_text("a letter and not a database " * 50)
    with pytest.raises(LedgerError) as caught:
        KeyFile(tmp_path / place)
    assert caught.value.code == "ledger.keys_unusable"


def test_a_key_file_that_breaks_while_it_is_open_is_a_fault_by_code(path: Path, keys: KeyFile) -> None:
    keys.find_or_make(XINZHOU, "p-li")
    path.write_bytes(b"no longer a database " * 1_000)
    with pytest.raises(LedgerError) as caught:
        keys.find(XINZHOU, "p-sun")
    assert caught.value.code == "ledger.keys_unusable"


def test_a_sealed_text_opens_only_with_its_own_key_and_in_its_own_place() -> None:
    keys = MemoryKeys()
    sealed = seal(registered("p-li"), keys)
    keys.find_or_make(XINZHOU, "p-sun")
    moved = replace(registered("p-sun"), data=sealed.data)
    for fact, given in ((sealed, MemoryKeys()), (moved, keys)):
        with pytest.raises(SealedTextDamagedError):
            reveal(fact, given)


def test_what_is_not_personal_is_left_as_it_is() -> None:
    keys = MemoryKeys()
    assert (seal(withdrawn(1), keys), reveal(withdrawn(1), keys).fact) == (withdrawn(1), withdrawn(1))


def test_a_text_that_looks_sealed_is_sealed_like_any_other() -> None:
    keys = MemoryKeys()
    odd = registered(name="sealed:v1:AAAA")
    assert reveal(seal(odd, keys), keys).fact == odd


def test_every_personal_field_of_the_vocabulary_belongs_to_the_person_it_is_about() -> None:
    personal = {name: personal_fields(fact) for name, fact in FACTS.items()}
    assert {name: fields for name, fields in personal.items() if fields} == {"roster.person_registered.v1": ("name",)}
