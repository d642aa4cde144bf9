#!/usr/bin/env python3
"""台账证据包离线核验程序 Offline verifier of a taizhang evidence package.

用法 usage: python3 verify.py [FOLDER] [--key VKEY]... [--root SIZE=HEX]... [--manifest HEX] [--json]

本文件只用 Python 3.9 及以上版本的标准库，与台账系统没有任何共同代码，不联网，不写任何文件。
它重新计算每个事实的叶、整棵树的根、与签名检查点的一致性、每个文件的摘要，指出第一个有问题的事实。
全部无误退出码为 0，否则为 1。

This one file needs Python 3.9 or later and nothing else. It shares no code with the system, opens no connection and
writes nothing. It recomputes the leaf of every fact, the root of the tree, the consistency with the signed checkpoints
and the hash of every file, and names the first fact that is wrong. It exits with 0 when all is well, else with 1.

它证明不了自己：请从可信的途径取得本文件，或由自己的技术人员照 report.html 的说明另写一份。
It cannot prove itself: take this file from a source you trust, or have your own people write another by report.html.
公钥也在包内：请用 --key 给出从别处取得的公钥，用 --root 给出回执上的树根。
The public keys lie in the package too: give a key that you got elsewhere with --key, the root of a receipt with --root.
清单、报告、词汇表和日历没有签名：导出时抄下清单摘要的，请用 --manifest 给出。
Manifest, report, vocabulary and calendar are not signed: give the manifest's hash with --manifest if you wrote it down.
"""

from __future__ import annotations

import argparse
import base64
import datetime as dt
import hashlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

FORMAT = "taizhang-evidence/1"
MANIFEST = "manifest.json"
SEAL_OF_MANIFEST = "manifest.sha256"
FACTS = "facts.jsonl"
SEALS = "seals.txt"
PROOFS = "proofs.json"
KEYS = "keys.txt"
WITHHELD = b"-"
ALWAYS = (FACTS, SEALS, PROOFS, KEYS, "report.html", "verify.py", "vocabulary.json", "calendars/national.json")
OF_AN_ARCHIVE = ("tests.json", "archive-report.html")
FOLDER_OF_CASES = "cases/"

# What is read whole, and a line, are no longer than this; a checkpoint is short.
LARGEST_FILE = 1 << 28
LONGEST_LINE = 1 << 22
LONGEST_CHECKPOINT = 64000
MOST_SIGNATURES = 64

_PART = re.compile(r"[A-Za-z0-9\u4e00-\u9fff][\w.\-\u3014\u3015+]{0,249}")
_DISTRICT = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_HASH = re.compile(r"[0-9a-f]{64}")
_SEAL = re.compile(rb"([1-9][0-9]{0,18}) (-|[1-9][0-9]{0,18}) ([0-9a-f]{64})((?: [0-9a-f]{64})*)")
_STATED = re.compile(r"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n(?:[^\n]+\n)*")
_KEY_NAME = re.compile(r"[^\s+\x00-\x1f\x7f]{1,250}")

HashFunction = Callable[[bytes], bytes]

# A fact is stored as JSON with sorted keys, so that what the envelope repeats stands behind its data. There it is found
# without reading the whole; an end of another form, or one that does not give the leaf, is looked at more closely.
_TIME = re.compile(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{6})?\+08:00")
"""Of one form, so that times are in the order of their letters."""
_WORDS = rb'[^"\\\x00-\x1f]*'
_END_OF_A_FACT = re.compile(
    rb'''([0-9a-f-]{36})","occurred_at":"WORDS"(?:,"on_behalf_of":"WORDS")?,"origin":"WORDS","recorded_at":"(TIME)"'''
    rb"""(?:,"recorded_by":"WORDS")?,"sequence":([0-9]+)(?:,"source":\{[^{}]*\})?,"""
    rb""""subject":\{"id":"(WORDS)","kind":"(WORDS)"\},"type":"(WORDS)"(?:,"under":"WORDS")?\}""".replace(
        b"WORDS", _WORDS
    ).replace(b"TIME", _TIME.pattern)
)
"""From its id on: id, recorded_at, sequence, case id, case kind, type."""


class Problem(NamedTuple):
    """Something that is not as it should be; `sequence` is that of the fact it concerns, None for none."""

    sequence: int | None
    zh: str
    en: str


class Key(NamedTuple):
    """A public key: `kind` 1 signs checkpoints, 4 cosigns them as a witness."""

    name: str
    identity: bytes
    kind: int
    public: bytes


class Checkpoint(NamedTuple):
    """A signed statement of the size and root of the tree."""

    origin: str
    size: int
    root: bytes
    text: bytes
    signatures: list[tuple[str, bytes]]


class Result(NamedTuple):
    """What was found, and how far the package reaches."""

    problems: list[Problem]
    notes: list[tuple[str, str]]
    facts: int
    withheld: int
    root: bytes


class UnreadableError(Exception):
    """A part of the package that cannot be read at all."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.zh = zh
        self.en = en


class FirstBadError(Exception):
    """The first fact that is wrong."""

    def __init__(self, sequence: int, zh: str, en: str) -> None:
        super().__init__(sequence, zh, en)
        self.problem = Problem(sequence, zh, en)


# ---- Ed25519, RFC 8032 section 6 ----

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)
_Point = tuple[int, int, int, int]


def _added(one: _Point, other: _Point) -> _Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % _P
    b = (one[1] + one[0]) * (other[1] + other[0]) % _P
    c = 2 * one[3] * other[3] * _D % _P
    d = 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(factor: int, point: _Point) -> _Point:
    result = (0, 1, 1, 0)
    while factor > 0:
        if factor & 1:
            result = _added(result, point)
        point = _added(point, point)
        factor >>= 1
    return result


def _x_of(y: int, sign: int) -> int | None:
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    if square == 0:
        return None if sign else 0
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P != 0:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if (x * x - square) % _P != 0:
        return None
    return _P - x if (x & 1) != sign else x


def _point_of(given: bytes) -> _Point | None:
    y = int.from_bytes(given, "little")
    sign = y >> 255
    y &= (1 << 255) - 1
    x = _x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % _P)


_BASE_Y = 4 * pow(5, _P - 2, _P) % _P
_BASE_X = _x_of(_BASE_Y, 0) or 0
_BASE = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % _P)


def signature_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether an Ed25519 signature is that of a message under a key."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, nonce = _point_of(public), _point_of(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or nonce is None or scalar >= _L:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % _L
    left, right = _times(scalar, _BASE), _added(nonce, _times(challenge, key))
    return (left[0] * right[2] - right[0] * left[2]) % _P == 0 and (left[1] * right[2] - right[1] * left[2]) % _P == 0


# ---- trees, RFC 6962 and RFC 9162 ----


def hash_function(algorithm: str) -> HashFunction:
    """Return the function from bytes to digest."""
    if algorithm == "sha256":
        sha256 = hashlib.sha256
        return lambda given: sha256(given).digest()
    if algorithm != "sm3":
        raise UnreadableError("不认识散列算法 " + algorithm, "the hash algorithm " + algorithm + " is not known")
    if "sm3" not in hashlib.algorithms_available:
        raise UnreadableError(
            "本账册以 SM3 封存，而这台计算机的 Python 没有 SM3，无法核验；请换用带 OpenSSL 1.1.1 以上的 Python",
            "this ledger is sealed with SM3, which this computer's Python does not have, so nothing can be verified; "
            "use a Python with OpenSSL 1.1.1 or later",
        )
    return lambda given: hashlib.new("sm3", given).digest()


class Tree:
    """A tree that grows leaf by leaf; it holds the roots of its full subtrees, largest first."""

    def __init__(self, digest: HashFunction, size: int, hashes: Sequence[bytes]) -> None:
        self.digest = digest
        self.size = size
        self.hashes = list(hashes)

    def add(self, leaf: bytes) -> None:
        """Add a leaf."""
        full = self.size
        while full & 1:
            leaf = self.digest(b"\x01" + self.hashes.pop() + leaf)
            full >>= 1
        self.hashes.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Return the root; of an empty tree the hash of nothing."""
        if not self.hashes:
            return self.digest(b"")
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = self.digest(b"\x01" + left + root)
        return root


def root_by_inclusion(digest: HashFunction, index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes | None:
    """Return the root of the tree in which a leaf stands at an index (from 0), or None for a path that cannot be."""
    if index >= size:
        return None
    number, last, root = index, size - 1, leaf
    for one in path:
        if last == 0:
            return None
        if number & 1 or number == last:
            root = digest(b"\x01" + one + root)
            while not number & 1 and number != 0:
                number >>= 1
                last >>= 1
        else:
            root = digest(b"\x01" + root + one)
        number >>= 1
        last >>= 1
    return root if last == 0 else None


def is_consistent(
    digest: HashFunction, old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]
) -> bool:
    """Tell whether a tree of `new` leaves begins with the tree of `old` leaves (RFC 9162, 2.1.4.2)."""
    if old == new:
        return not path and old_root == new_root
    if old == 0:
        return not path and old_root == digest(b"")
    if old > new or not path:
        return False
    whole = list(path)
    if old & (old - 1) == 0:
        whole.insert(0, old_root)
    number, last = old - 1, new - 1
    while number & 1:
        number >>= 1
        last >>= 1
    first = second = whole[0]
    for one in whole[1:]:
        if last == 0:
            return False
        if number & 1 or number == last:
            first, second = digest(b"\x01" + one + first), digest(b"\x01" + one + second)
            while not number & 1 and number != 0:
                number >>= 1
                last >>= 1
        else:
            second = digest(b"\x01" + second + one)
        number >>= 1
        last >>= 1
    return last == 0 and first == old_root and second == new_root


# ---- signed checkpoints, C2SP tlog-checkpoint, signed-note and tlog-cosignature ----


def read_key(text: str) -> Key:
    """Read a public key as it is written in signed-note: NAME+HEX+BASE64."""
    try:
        name, identity, given = text.split("+", 2)
        blob = base64.b64decode(given, validate=True)
        key = Key(name, bytes.fromhex(identity), blob[0], blob[1:])
    except (ValueError, IndexError):
        raise UnreadableError("公钥写法有误：" + text[:100], "this is no public key: " + text[:100]) from None
    if text != name + "+" + key.identity.hex() + "+" + base64.b64encode(blob).decode() or not _KEY_NAME.fullmatch(name):
        raise UnreadableError("公钥写法有误：" + text[:100], "this is no public key: " + text[:100])
    expected = hashlib.sha256(name.encode() + b"\n" + blob).digest()[:4]
    if key.identity != expected or key.kind not in (1, 4) or len(key.public) != 32:
        raise UnreadableError("公钥与其编号不符：" + text[:100], "a public key does not have its own id: " + text[:100])
    return key


def read_checkpoint(given: bytes) -> Checkpoint:
    """Read a signed checkpoint."""
    bad = UnreadableError("检查点格式有误", "a checkpoint is not in its form")
    try:
        whole = given.decode("utf-8")
    except ValueError:
        raise bad from None
    text, gap, signed = whole.rpartition("\n\n")
    stated = _STATED.fullmatch(text + "\n")
    lines = signed[:-1].split("\n")
    if (
        len(given) > LONGEST_CHECKPOINT
        or any(one < " " and one != "\n" for one in whole)
        or not gap
        or stated is None
        or not signed.endswith("\n")
        or len(lines) > MOST_SIGNATURES
    ):
        raise bad
    root = base64.b64decode(stated.group(3))
    if base64.b64encode(root).decode() != stated.group(3):
        raise bad
    return Checkpoint(
        stated.group(1), int(stated.group(2)), root, (text + "\n").encode(), [_signature(line, bad) for line in lines]
    )


def _signature(line: str, bad: UnreadableError) -> tuple[str, bytes]:
    """Read a line with a signature: who signed, and what."""
    dash, _, rest = line.partition(" ")
    name, _, blob = rest.partition(" ")
    try:
        signature = base64.b64decode(blob, validate=True)
    except ValueError:
        raise bad from None
    if dash != "\u2014" or not _KEY_NAME.fullmatch(name) or len(signature) < 5:
        raise bad
    if base64.b64encode(signature).decode() != blob:
        raise bad
    return name, signature


def signers(checkpoint: Checkpoint, keys: Sequence[Key]) -> tuple[list[Key], list[str]]:
    """Return the known keys that signed a checkpoint, and the names of those whose signature is wrong."""
    good, bad = [], []
    for name, blob in checkpoint.signatures:
        for key in keys:
            if key.name != name or key.identity != blob[:4]:
                continue
            holds = signature_holds(key.public, checkpoint.text, blob[4:])
            if key.kind == 4:
                time = int.from_bytes(blob[4:12], "big")
                message = b"cosignature/v1\ntime %d\n" % time + checkpoint.text
                holds = signature_holds(key.public, message, blob[12:])
            if holds:
                good.append(key)
            else:
                bad.append(name)
    return good, bad


# ---- the package ----


class Package:
    """The folder of a package: every file is read once and its hash taken on the way."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.hashes: dict[str, str] = {}

    def path(self, name: str) -> str:
        """Return where a file lies; names are relative, use slashes and lead to a file of the package itself."""
        place = self.folder
        for part in name.split("/"):
            if not _PART.fullmatch(part):
                raise UnreadableError(f"文件名不可用：{name[:100]}", f"this file name cannot be: {name[:100]}")
            place = os.path.join(place, part)
            if os.path.islink(place):
                raise UnreadableError(
                    f"文件 {name[:100]} 是链接，不是包内的文件", f"{name[:100]} is a link, not a file"
                )
        if os.path.exists(place) and not os.path.isfile(place):
            raise UnreadableError(f"{name[:100]} 不是普通文件", f"{name[:100]} is no ordinary file")
        return place

    def size(self, name: str) -> int:
        """Return how many bytes a file has."""
        try:
            return os.path.getsize(self.path(name))
        except OSError as fault:
            raise _unreadable(name, fault) from None

    def read(self, name: str) -> bytes:
        """Return a small file."""
        try:
            with open(self.path(name), "rb") as file:
                content = file.read(LARGEST_FILE + 1)
        except (OSError, MemoryError) as fault:
            raise _unreadable(name, fault) from None
        if len(content) > LARGEST_FILE:
            raise UnreadableError(f"文件 {name} 过大", f"{name} is too large")
        self.hashes[name] = hashlib.sha256(content).hexdigest()
        return content

    def chunks(self, name: str) -> Iterator[bytes]:
        """Give a large file piece by piece; the hash is there once all were taken."""
        digest = hashlib.sha256()
        try:
            with open(self.path(name), "rb") as file:
                while True:
                    chunk = file.read(1 << 20)
                    if not chunk:
                        break
                    digest.update(chunk)
                    yield chunk
        except OSError as fault:
            raise _unreadable(name, fault) from None
        self.hashes[name] = digest.hexdigest()

    def lines(self, name: str) -> Iterator[bytes]:
        """Give the lines of a large file, without their ends; the hash is there once all were taken.

        A line that does not end, or is longer than any is, is given with a line feed, so that it fits nothing.
        """
        held = b""
        for chunk in self.chunks(name):
            parts = (held + chunk).split(b"\n")
            held = parts.pop()
            yield from parts
            if len(held) > LONGEST_LINE:
                break
        if held:
            yield held[:LONGEST_LINE] + b"\n"

    def hash_of(self, name: str) -> str:
        """Return the hash of a file."""
        if name not in self.hashes:
            for _ in self.chunks(name):
                pass
        return self.hashes[name]


def _unreadable(name: str, fault: object) -> UnreadableError:
    return UnreadableError(f"文件 {name[:100]} 缺失或读不出（{fault}）", f"{name[:100]} cannot be read ({fault})")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is given twice")
    return found


def _no_number(given: str) -> Any:  # noqa: ANN401  it never returns
    raise ValueError(given + " is no number")


def read_json(package: Package, name: str) -> dict[str, Any]:
    """Return what a file of the package holds as JSON: an object, no key given twice, nothing that is no number."""
    try:
        text = package.read(name).decode("utf-8")
        read = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError, MemoryError) as fault:
        raise UnreadableError(f"文件 {name} 不是合法的 JSON（{fault}）", f"{name} is no JSON ({fault})") from None
    _formed(type(read) is dict, name)
    return read  # type: ignore[no-any-return]  # it is a dict


def _formed(right: bool, name: str) -> None:  # noqa: FBT001  what is right is what is asked
    if not right:
        raise UnreadableError(f"文件 {name} 内容有误", f"{name} is not in its form")


def _is_size(value: object) -> bool:
    return type(value) is int and 1 <= value < 1 << 63


def _are_hashes(value: object) -> bool:
    return type(value) is list and all(type(one) is str and _HASH.fullmatch(one) for one in value)


def _are_texts(value: object) -> bool:
    return type(value) is list and all(type(one) is str for one in value)


def read_proofs(package: Package) -> dict[str, Any]:
    """Return what stands in proofs.json, each value of its kind."""
    read = read_json(package, PROOFS)
    words = ("algorithm", "district", "of", "origin", "for")
    _formed(all(type(read.get(word)) is str for word in words) and read["of"] in ("case", "range"), PROOFS)
    _formed(_DISTRICT.fullmatch(read["district"]) is not None, PROOFS)
    _formed(_is_size(read.get("tree_size")) and _are_hashes([read.get("root")]), PROOFS)
    _formed(_are_hashes(read.get("before")) and _are_texts(read.get("policies")), PROOFS)
    if read["of"] == "case":
        case = read.get("case")
        _formed(_is_size(read.get("facts")) and not read["before"] and (case is None or type(case) is str), PROOFS)
    else:
        _formed(_is_size(read.get("from")) and read["from"] <= read["tree_size"], PROOFS)
    before = 0
    _formed(type(read.get("checkpoints")) is list and type(read.get("rulebooks")) is list, PROOFS)
    for one in read["checkpoints"]:
        _formed(type(one) is dict and _is_size(one.get("size")) and _are_hashes(one.get("consistency")), PROOFS)
        _formed(one["size"] > before and one.get("file") == "checkpoints/%d.txt" % one["size"], PROOFS)
        before = one["size"]
    for one in read["rulebooks"]:
        _formed(type(one) is dict and type(one.get("rulebook")) is str and _are_texts(one.get("files")), PROOFS)
        _formed(_is_rulebook(one["rulebook"], one["files"], read["district"]), PROOFS)
    if read["checkpoints"]:
        tree = "/" + read["district"] + ("" if read["algorithm"] == "sha256" else "/" + read["algorithm"])
        _formed(read["origin"].endswith(tree), PROOFS)
    return read


def _is_rulebook(name: str, files: list[str], district: str) -> bool:
    """Tell whether the files of a rulebook are such that their hash, which runs over all, can mean no others."""
    folder = "rulebooks/" + name + "/"
    chapters = [one[len(folder) :] for one in files]
    return (
        name.startswith(district + "/")
        and files == [folder + one for one in chapters]
        and chapters[:1] == ["rulebook.yaml"]
        and len(set(chapters)) == len(chapters)
        and all(_PART.fullmatch(one) and one.endswith(".yaml") for one in chapters)
    )


class Envelope(NamedTuple):
    """What a fact says of itself, and the bytes that its leaf covers in front of it."""

    district: bytes
    sequence: int
    type: bytes
    case: str
    recorded_at: bytes
    text: bytes


def envelope_of(line: bytes, version: int) -> Envelope | None:
    """Return the envelope that a fact states of itself, or None for what is no fact."""
    try:
        fact = json.loads(line.decode("utf-8"))
        case = fact["subject"]["kind"] + "/" + fact["subject"]["id"]
        number = fact["sequence"]
        district, recorded_at, name, identity = fact["district"], fact["recorded_at"], fact["type"], fact["id"]
        whole = [district, number, recorded_at, case, version, name, identity]
        text = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if type(number) is not int or not all(isinstance(one, str) for one in (district, name, recorded_at)):
        return None
    return Envelope(district.encode(), number, name.encode(), case, recorded_at.encode(), text)


def is_time(written: bytes) -> bool:
    """Tell whether a time is written as a ledger writes it, of an hour and a day that there is."""
    try:
        dt.datetime.fromisoformat(written.decode("ascii"))
    except ValueError:
        return False
    return _TIME.fullmatch(written) is not None


class Cutter:
    """Cuts the envelope of a fact from the end of its line."""

    def __init__(self, digest: HashFunction, district: str) -> None:
        self.digest = digest
        self.marker = b'"district":"%b","id":"' % district.encode()
        self.opening = b'\x00["%b",' % district.encode()
        self.before = b""

    def sealed(self, seal: bytes, line: bytes, number: bytes) -> tuple[bytes, bytes, bytes, int] | None:
        """Return leaf, type, case and version of a fact that is as its seal says; None for one to be looked at closely.

        Wherever the pieces were cut, only those that were sealed with the line give the leaf.
        """
        identity = line.rfind(self.marker)
        said = _END_OF_A_FACT.fullmatch(line, identity + len(self.marker)) if identity >= 0 else None
        stated = seal.partition(b" ")[2].partition(b" ")[0]
        if said is None or not stated.isdigit():
            return None
        name, time, sequence, case, kind, type_ = said.groups()
        if sequence != number or time < self.before or (time != self.before and not is_time(time)):
            return None
        case, version = b"%b/%b" % (kind, case), int(stated)
        # Leaf: H(0x00 || envelope || bytes as stored).
        leaf = self.digest(
            b'%b%b,"%b","%b",%d,"%b","%b"]%b' % (self.opening, number, time, case, version, type_, name, line)
        )
        if seal != b"%b %d %b" % (number, version, leaf.hex().encode()):
            return None
        self.before = time
        return leaf, type_, case, version


class CaseTurns:
    """How far the facts of each case are counted: 1, 2, 3 and so on, but for those that are not shown.

    Between two facts of a case that are shown no more of it can be missing than are not shown between them: withheld,
    before the package begins, or of other cases. Of the case that was asked for, only withheld ones.
    """

    def __init__(self, asked: bytes | None) -> None:
        self.asked = asked
        self.shown = 0
        self.withheld = 0
        self.last: dict[bytes, int] = {}
        self.unseen: dict[bytes, int] = {}

    def follows(self, sequence: int, case: bytes, version: int) -> bool:
        """Take the next fact that is shown; tell whether its version can follow the last one of its case."""
        self.shown += 1
        due = self.last.get(case, 0) + 1
        self.last[case] = version
        unseen = self.withheld if case == self.asked else sequence - self.shown
        if not unseen:
            return version == due
        between = unseen - self.unseen.get(case, 0)
        self.unseen[case] = unseen
        return due <= version <= due + between


def check(
    folder: str,
    outside_keys: Sequence[Key] = (),
    outside_roots: Sequence[tuple[int, bytes]] = (),
    outside_manifest: str | None = None,
) -> Result:
    """Verify a package."""
    package = Package(folder)
    problems: list[Problem] = []
    notes: list[tuple[str, str]] = []
    facts, withheld, root = 0, 0, b""
    try:
        listed = _check_manifest(package, problems, outside_manifest)
        notes += _strangers(folder, listed)
        proofs = read_proofs(package)
        _check_names(listed, proofs, problems)
        whole = _Whole(package, proofs, problems, notes)
        facts, withheld, root = whole.check(outside_keys, outside_roots)
        problems += _check_files(package, listed)
    except UnreadableError as fault:
        problems.append(Problem(None, fault.zh, fault.en))
    except (KeyError, TypeError, ValueError, LookupError, AttributeError, ArithmeticError) as fault:
        problems.append(Problem(None, f"证据包读不出来（{fault!r}）", f"it cannot be read ({fault!r})"))
    except (OSError, RecursionError, MemoryError) as fault:
        problems.append(Problem(None, f"证据包读不出来（{fault!r}）", f"it cannot be read ({fault!r})"))
    return Result([_printable(one) for one in problems], notes, facts, withheld, root)


def _check_manifest(package: Package, problems: list[Problem], outside: str | None) -> dict[str, dict[str, Any]]:
    """Compare the manifest with its hash, note what is wrong with it, and return what it lists by name."""
    stated = package.read(SEAL_OF_MANIFEST)
    manifest = read_json(package, MANIFEST)
    if stated != (package.hashes[MANIFEST] + "  " + MANIFEST + "\n").encode():
        problems.append(Problem(None, "清单 manifest.json 与 manifest.sha256 不符", "manifest.json has another hash"))
    if outside is not None and outside != package.hashes[MANIFEST]:
        problems.append(
            Problem(None, "清单的摘要与您给出的不同：导出后被改动", "the manifest has another hash than you gave")
        )
    if manifest.get("format") != FORMAT:
        raise UnreadableError("清单的格式不是 " + FORMAT, "the format of the manifest is not " + FORMAT)
    _formed(type(manifest.get("files")) is list and type(manifest.get("district")) is str, MANIFEST)
    _formed(_is_size(manifest.get("until")), MANIFEST)
    listed: dict[str, dict[str, Any]] = {}
    for one in manifest["files"]:
        _formed(type(one) is dict and type(one.get("name")) is str and _are_hashes([one.get("sha256")]), MANIFEST)
        _formed(type(one.get("bytes")) is int and one["bytes"] >= 0, MANIFEST)
        name = one["name"]
        if name in listed:
            problems.append(Problem(None, f"清单中两次列出 {name}", f"the manifest names {name} twice"))
        listed[name] = one
    listed[MANIFEST] = manifest
    return listed


def _check_names(listed: dict[str, dict[str, Any]], proofs: dict[str, Any], problems: list[Problem]) -> None:
    """Compare the names that the manifest lists with those that have to be there, and what both files state."""
    manifest = listed.pop(MANIFEST)
    named = {str(one["file"]) for one in proofs["checkpoints"]} | set(proofs["policies"])
    named |= {name for one in proofs["rulebooks"] for name in one["files"]}
    problems += [
        Problem(None, f"清单中没有 {name}", f"the manifest does not name {name}")
        for name in sorted({*ALWAYS, *named} - set(listed))
    ]
    problems += [
        Problem(None, f"清单中的 {name} 不属于证据包", f"{name} does not belong into a package")
        for name in sorted(set(listed) - {*ALWAYS, *named, *OF_AN_ARCHIVE})
        if not name.startswith(FOLDER_OF_CASES)
    ]
    stated = (manifest["district"], manifest.get("case"), manifest["until"])
    if stated != (proofs["district"], proofs.get("case"), proofs["tree_size"]):
        problems.append(
            Problem(None, "清单与 proofs.json 所述的区县、案卷或截止序号不同", "manifest and proofs.json differ")
        )


def _check_files(package: Package, listed: dict[str, dict[str, Any]]) -> list[Problem]:
    """Compare every file with the manifest."""
    problems = []
    for name, wanted in sorted(listed.items()):
        try:
            if package.size(name) != wanted["bytes"] or package.hash_of(name) != wanted["sha256"]:
                problems.append(Problem(None, f"文件 {name} 与清单不符", f"{name} is not what the manifest says"))
        except UnreadableError as fault:
            problems.append(Problem(None, fault.zh, fault.en))
    return problems


def _strangers(folder: str, listed: dict[str, dict[str, Any]]) -> list[tuple[str, str]]:
    """Name what lies in the folder and is no part of the package."""
    notes = []
    for place, folders, files in sorted(os.walk(folder)):
        links = [one for one in folders if os.path.islink(os.path.join(place, one))]
        for file in sorted(files + links):
            name = os.path.relpath(os.path.join(place, file), folder).replace(os.sep, "/")
            if name not in listed and name not in (MANIFEST, SEAL_OF_MANIFEST):
                said = _plain(name)
                notes.append(
                    (f"文件 {said} 不属于证据包，未核验", f"{said} is no part of the package and proves nothing")
                )
    return notes


def _plain(text: str) -> str:
    """Return a text of which a terminal can be shown every character."""
    return "".join(one if one.isprintable() else "\ufffd" for one in text)


def _printable(one: Problem) -> Problem:
    return Problem(one.sequence, _plain(one.zh), _plain(one.en))


class _Whole:
    """The facts, seals, proofs and checkpoints of a package."""

    def __init__(
        self, package: Package, proofs: dict[str, Any], problems: list[Problem], notes: list[tuple[str, str]]
    ) -> None:
        self.package = package
        self.proofs = proofs
        self.problems = problems
        self.notes = notes
        self.digest = hash_function(proofs["algorithm"])
        self.district: str = proofs["district"]
        self.size: int = proofs["tree_size"]
        self.of_a_case = proofs["of"] == "case"
        self.first: int = 1 if self.of_a_case else proofs["from"]
        case = proofs.get("case") if self.of_a_case else None
        self.turns = CaseTurns(None if case is None else case.encode("utf-8", "replace"))
        self.stated_root = bytes.fromhex(proofs["root"])
        self.seen_roots: dict[int, bytes] = {}
        self.rulebooks: dict[tuple[str, str], int] = {}
        self.policies: dict[str, int] = {}
        self.broken = False
        self.cutter = Cutter(self.digest, self.district)

    def check(self, outside_keys: Sequence[Key], outside_roots: Sequence[tuple[int, bytes]]) -> tuple[int, int, bytes]:
        """Check everything; return how many facts there are, how many are withheld, and the root."""
        *lines, end = self.package.read(KEYS).split(b"\n")
        _formed(not end and len(set(lines)) == len(lines), KEYS)
        keys = [read_key(line.decode("utf-8", "replace")) for line in lines]
        checkpoints = self._checkpoints(keys, outside_keys)
        sizes = {one.size for one, _, _ in checkpoints} | {size for size, _ in outside_roots}
        facts, withheld, root = self._facts(sizes)
        if self.of_a_case:
            self.notes.append(
                (
                    "案卷的证据包证明所列的事实在账册中；此外还有没有别的事实，须与全部事实的证据包或清单摘要核对",
                    "what is here is proved; that nothing else is, a package of all facts or the manifest's hash tells",
                )
            )
        if root != self.stated_root:
            self._bad(None, "树根与 proofs.json 所述不符", "the root is not the one that proofs.json states")
        self._against_checkpoints(checkpoints, root)
        self._against_outside(outside_roots, root)
        self._rules()
        return facts, withheld, root

    def _bad(self, sequence: int | None, zh: str, en: str) -> None:
        self.problems.append(Problem(sequence, zh, en))

    def _facts(self, sizes: set[int]) -> tuple[int, int, bytes]:
        """Go through seals and facts side by side; return how many there are, how many are withheld, and the root."""
        tree = Tree(self.digest, self.first - 1, [bytes.fromhex(one) for one in self.proofs["before"]])
        if len(tree.hashes) != bin(tree.size).count("1"):  # noqa: FURB161  int.bit_count is not in Python 3.9
            raise UnreadableError(
                "此前各事实的散列个数不对", "there are not as many hashes of the facts before as there should be"
            )
        if not self.of_a_case and tree.size in sizes:
            self.seen_roots[tree.size] = tree.root()
        lines = self.package.lines(FACTS)
        facts = 0
        due = self.first
        try:
            for seal in self.package.lines(SEALS):
                line = None if b" - " in seal else next(lines, None)
                leaf = self._quickly(seal, line, due)
                if leaf is None:
                    due, version, leaf, path = self._seal(seal, due)
                    if version is None:
                        self.turns.withheld += 1
                    else:
                        self._fact(line, due, version, leaf)
                    if self.of_a_case:
                        self._included(due, leaf, path)
                facts += 1
                due += 1
                if not self.of_a_case:
                    tree.add(leaf)
                    if tree.size in sizes:
                        self.seen_roots[tree.size] = tree.root()
            self._ended(lines, facts, due)
            self._has_its_case()
        except FirstBadError as found:
            self.problems.append(found.problem)
            self.broken = True
            return facts, self.turns.withheld, self.stated_root
        return facts, self.turns.withheld, self.stated_root if self.of_a_case else tree.root()

    def _quickly(self, seal: bytes, line: bytes | None, due: int) -> bytes | None:
        """Return the leaf of the next fact of a range, None where it is withheld or wants a closer look."""
        cut = None if line is None or self.of_a_case else self.cutter.sealed(seal, line, b"%d" % due)
        if line is None or cut is None:
            return None
        leaf, name, case, version = cut
        if not self.turns.follows(due, case, version):
            raise _out_of_turn(due, case, version)
        if name.startswith(b"alert.raised."):
            self._cited(line, due)
        return leaf

    def _seal(self, line: bytes, due: int) -> tuple[int, int | None, bytes, list[bytes]]:
        """Read a line of seals.txt: sequence, version (None for a fact that is withheld), leaf, inclusion proof."""
        read = _SEAL.fullmatch(line)
        if read is None:
            raise FirstBadError(due, "seals.txt 的这一行读不懂", "its line in seals.txt cannot be read")
        number, stated, leaf_text, path_texts = read.groups()
        sequence, leaf = int(number), bytes.fromhex(leaf_text.decode())
        path = [bytes.fromhex(one.decode()) for one in path_texts.split(b" ")[1:]]
        version = None if stated == WITHHELD else int(stated)
        in_order = sequence >= due if self.of_a_case else sequence == due and not path
        if not in_order:
            raise FirstBadError(due, "seals.txt 在此缺行或乱序", "seals.txt lacks a line here, or it is out of order")
        return sequence, version, leaf, path

    def _included(self, sequence: int, leaf: bytes, path: list[bytes]) -> None:
        if root_by_inclusion(self.digest, sequence - 1, self.size, leaf, path) != self.stated_root:
            raise FirstBadError(sequence, "不在所述的树中", "it is not in the tree that is stated")

    def _ended(self, lines: Iterator[bytes], facts: int, due: int) -> None:
        """Check that all is there and nothing more."""
        if next(lines, None) is not None:
            raise FirstBadError(due, "facts.jsonl 多出未封存的事实", "facts.jsonl has facts that were never sealed")
        if not self.of_a_case and due != self.size + 1:
            raise FirstBadError(due, "缺失：应至第 %d 号" % self.size, "missing: there should be %d facts" % self.size)
        if self.of_a_case and facts != self.proofs["facts"]:
            wanted = self.proofs["facts"]
            raise FirstBadError(due, f"缺失：应有 {wanted} 个事实", f"missing: there should be {wanted} facts")

    def _has_its_case(self) -> None:
        """Check that something is there of the case asked for, unless what is withheld may be it."""
        asked = self.turns.asked
        if asked is not None and asked not in self.turns.last and not self.turns.withheld:
            raise FirstBadError(self.first, "缺少本案卷的事实", "the facts of the case are missing")

    def _fact(self, line: bytes | None, sequence: int, version: int, leaf: bytes) -> None:
        """Compare a fact with its seal."""
        if line is None:
            raise FirstBadError(sequence, "缺失", "missing")
        envelope = envelope_of(line, version)
        if envelope is None:
            raise FirstBadError(sequence, "不是一个事实", "this is no fact")
        # Leaf: H(0x00 || envelope || bytes as stored).
        if self.digest(b"\x00" + envelope.text + line) != leaf:
            other = envelope.sequence
            if other == sequence:
                raise FirstBadError(sequence, "内容与封存不符", "its content does not match its seal")
            raise FirstBadError(
                sequence,
                "此处是第 %d 号：缺失或换了位置" % other,
                "number %d stands here: missing or moved" % other,
            )
        if envelope.sequence != sequence or envelope.district != self.district.encode():
            raise FirstBadError(sequence, "封存的不是本区县的这一号", "what is sealed here is another fact")
        if envelope.recorded_at < self.cutter.before or not is_time(envelope.recorded_at):
            raise FirstBadError(
                sequence,
                "入账时间早于前面的事实，或不是账册的写法：与封存相符，但本系统从不这样入账",
                "recorded before a fact before it, or at a time in another form: as sealed, but no ledger does so",
            )
        self.cutter.before = envelope.recorded_at
        case = envelope.case.encode("utf-8")
        if not self.turns.follows(sequence, case, version):
            raise _out_of_turn(sequence, case, version)
        if envelope.type.startswith(b"alert.raised."):
            self._cited(line, sequence)

    def _cited(self, line: bytes, sequence: int) -> None:
        """Note by which rulebook and house settings an alert says it was judged."""
        try:
            data = json.loads(line.decode("utf-8"))["data"]
            cited = [data[name] for name in ("rulebook", "rulebook_sha256", "policy_sha256")]
        except (ValueError, KeyError, TypeError, RecursionError):
            cited = []
        if not cited or not _are_texts(cited):
            raise FirstBadError(sequence, "预警没有写明判定依据", "the alert does not say what it was judged by")
        self.rulebooks.setdefault((cited[0], cited[1]), sequence)
        self.policies.setdefault(cited[2], sequence)

    def _checkpoints(self, keys: Sequence[Key], outside: Sequence[Key]) -> list[tuple[Checkpoint, str, list[bytes]]]:
        """Return the checkpoints whose signatures hold, with their file and the consistency proof."""
        found = []
        vouched = 0
        for given in self.proofs["checkpoints"]:
            name = str(given["file"])
            path = [bytes.fromhex(one) for one in given["consistency"]]
            try:
                checkpoint = read_checkpoint(self.package.read(name))
            except UnreadableError as fault:
                self._bad(None, f"{name}：{fault.zh}", f"{name}: {fault.en}")
                continue
            good, bad = signers(checkpoint, list(keys) + [one for one in outside if one not in keys])
            if checkpoint.size != given["size"] or checkpoint.origin != self.proofs["origin"]:
                self._bad(None, f"{name} 说的是另一棵树", f"{name} is about another tree")
            if bad or not any(one.kind == 1 and one.name == checkpoint.origin for one in good):
                self._bad(None, f"{name} 的签名无效", f"{name} is not signed as it should be")
                continue
            if not outside or any(one in good for one in outside):
                vouched = checkpoint.size
            found.append((checkpoint, name, path))
        if vouched and vouched < self.size:
            self._bad(
                None,
                "第 %d 号起没有%s签名的检查点作保：检查点被拿走或换过"
                % (vouched + 1, "您给出的公钥" if outside else ""),
                "from fact %d on no checkpoint signed%s vouches: it was taken away or replaced"
                % (vouched + 1, " with the key that you gave" if outside else ""),
            )
        if outside and not vouched:
            self._bad(
                None,
                "没有一个检查点是由您给出的公钥签署的：检查点或公钥被换过",
                "no checkpoint is signed with the key that you gave: checkpoints or keys were replaced",
            )
        if not found:
            self.notes.append(
                (
                    "包内没有签名的检查点：只能证明包内各部分彼此相符，不能证明它就是账册当时的内容",
                    "there is no signed checkpoint: the package fits together, but nobody vouches for it",
                )
            )
        return sorted(found, key=lambda one: one[0].size)

    def _against_checkpoints(self, checkpoints: list[tuple[Checkpoint, str, list[bytes]]], root: bytes) -> None:
        """Compare the tree with every checkpoint; the first that does not fit bounds where it was changed.

        Where a fact is bad, the tree is known as far as before it alone.
        """
        sound = 0
        for checkpoint, name, path in checkpoints:
            size = checkpoint.size
            if size in self.seen_roots:
                fits = self.seen_roots[size] == checkpoint.root and not path
            elif self.broken:
                continue
            elif size <= self.size:
                fits = is_consistent(self.digest, size, checkpoint.root, self.size, root, path)
            else:
                fits = is_consistent(self.digest, self.size, root, size, checkpoint.root, path)
            if not fits:
                first, last = max(sound + 1, self.first), min(size, self.size)
                self._bad(
                    first,
                    "与签名的检查点 %s 不符：第 %d 至 %d 号中有事实被改动后重新封存" % (name, first, last),
                    "it does not fit the signed checkpoint %s: a fact from %d to %d was changed and sealed anew"
                    % (name, first, last),
                )
                return
            sound = max(sound, min(size, self.size))

    def _against_outside(self, roots: Sequence[tuple[int, bytes]], root: bytes) -> None:
        """Compare with roots that somebody kept outside, such as on a receipt."""
        if not self.broken:
            self.seen_roots[self.size] = root
        for size, wanted in roots:
            if size not in self.seen_roots:
                self._bad(
                    None, "包内算不出第 %d 号时的树根" % size, "the package does not tell the root after fact %d" % size
                )
            elif self.seen_roots[size] != wanted:
                self._bad(
                    size, "树根与您给出的不符：此号或更早被改动", "another root than you gave: changed here or before"
                )

    def _rules(self) -> None:
        """Compare rulebooks and house settings with what the sealed alerts say they were judged by."""
        known = set()
        for given in self.proofs["rulebooks"]:
            digest = hashlib.sha256()
            try:
                for number, name in enumerate(given["files"]):
                    content = self.package.read(name)
                    if b"\0" in content or not content.endswith(b"\n"):
                        self._bad(None, f"文件 {name} 不是完整的文本", f"{name} is no whole text")
                    digest.update(content if not number else name.rpartition("/")[2].encode() + b"\0" + content)
            except UnreadableError as fault:
                self._bad(None, fault.zh, fault.en)
                continue
            known.add(("rulebook/" + given["rulebook"].replace("/", "-"), digest.hexdigest()))
        for (rulebook, digest_text), sequence in sorted(self.rulebooks.items(), key=lambda one: one[1]):
            if (rulebook, digest_text) not in known:
                self._bad(
                    sequence,
                    f"该预警据以判定的 {rulebook} 不是包内的版本：规则书在判定之后被改动",
                    f"{rulebook} is not the version by which this alert was judged: it was changed afterwards",
                )
        unproved = {name for name, _ in known} - {name for name, _ in self.rulebooks}
        for rulebook in [] if self.broken else sorted(unproved):
            self.notes.append(
                (
                    f"{rulebook} 没有被本包的预警引用，其文本不由封存证明",
                    f"no alert of this package cites {rulebook}, so no seal proves its text",
                )
            )
        policies = {hashlib.sha256(self.package.read(one)).hexdigest() for one in self.proofs["policies"]}
        for digest_text, sequence in sorted(self.policies.items(), key=lambda one: one[1]):
            if digest_text not in policies:
                self._bad(
                    sequence,
                    "该预警据以判定的内部设置不是包内的版本",
                    "the house settings by which this alert was judged are not those of the package",
                )


def _out_of_turn(sequence: int, case: bytes, version: int) -> FirstBadError:
    name = case.decode("utf-8", "replace")
    return FirstBadError(
        sequence,
        "是案卷 %s 的第 %d 条，与此前所示的不相接：有事实被删去、重复或调换，或没有列入" % (name, version),
        "number %d of the case %s does not follow what is shown before: facts were removed, repeated or moved, or left "
        "out" % (version, name),
    )


def first_bad(problems: Sequence[Problem]) -> int | None:
    """Return the sequence of the first fact that is wrong."""
    named = [one.sequence for one in problems if one.sequence is not None]
    return min(named) if named else None


def _root_given(text: str) -> tuple[int, bytes]:
    size, _, root = text.partition("=")
    return int(size), bytes.fromhex(root)


def _show(result: Result, folder: str) -> None:
    out = []
    for one in result.problems:
        place = ("第 %d 号事实：" % one.sequence, "fact %d: " % one.sequence) if one.sequence is not None else ("", "")
        out.append(f"✗ {place[0]}{one.zh} / {place[1]}{one.en}")
    out += ["· {} / {}".format(*one) for one in result.notes]
    try:
        keys = [_plain(one[:400]) for one in Package(folder).read(KEYS).decode("utf-8", "replace").split()[:8]]
    except UnreadableError:
        keys = []
    for key in keys:
        out.append(f"· 公钥 public key {key}：请与公布的核对 / compare it with the one made public")
    if result.problems:
        named = first_bad(result.problems)
        where = (
            "" if named is None else "，第一个有问题的是第 %d 号事实 / the first bad fact is number %d" % (named, named)
        )
        out.append(f"未通过 NOT VERIFIED{where}")
    else:
        out.append(
            f"通过 VERIFIED：{result.facts} 个事实，其中 {result.withheld} 个只有叶 / "
            f"{result.facts} facts, {result.withheld} of them as their leaf alone; root {result.root.hex()}"
        )
    sys.stdout.buffer.write(("\n".join(out) + "\n").encode("utf-8"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify the package whose folder is named, by default the one in which this file lies."""
    parser = argparse.ArgumentParser(description="核验台账证据包 / verify an evidence package")
    parser.add_argument("folder", nargs="?", default=os.path.dirname(os.path.abspath(__file__)), help="文件夹 / folder")
    parser.add_argument(
        "--key", action="append", default=[], help="从别处取得的公钥 / public key that you got elsewhere"
    )
    parser.add_argument("--root", action="append", default=[], help="回执上的 序号=树根 / SIZE=HEX as on a receipt")
    parser.add_argument(
        "--manifest", metavar="HEX", help="导出时抄下的清单摘要 / hash of the manifest as noted at export"
    )
    parser.add_argument("--json", action="store_true", help="供程序读取 / for programs")
    args = parser.parse_args(arguments)
    try:
        keys = [read_key(one.strip()) for one in args.key]
        roots = [_root_given(one) for one in args.root]
    except UnreadableError as fault:
        parser.error(f"{fault.zh} / {fault.en}")
    except ValueError:
        parser.error("--root: SIZE=HEX")
    result = check(args.folder, keys, roots, args.manifest)
    if args.json:
        said = {
            "ok": not result.problems,
            "facts": result.facts,
            "root": result.root.hex(),
            "first_bad": first_bad(result.problems),
            "withheld": result.withheld,
            "problems": [{"fact": one.sequence, "zh": one.zh, "en": one.en} for one in result.problems],
            "notes": [{"zh": zh, "en": en} for zh, en in result.notes],
        }
        sys.stdout.buffer.write((json.dumps(said, ensure_ascii=False) + "\n").encode("utf-8"))
    else:
        _show(result, args.folder)
    return 1 if result.problems else 0


if __name__ == "__main__":
    sys.exit(main())
