#!/usr/bin/env python3
"""台账证据包离线核验程序 Offline verifier of a taizhang evidence package.

用法 usage: python3 verify.py [FOLDER] [--key VKEY]... [--root SIZE=HEX]... [--json]

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
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import os
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

HashFunction = Callable[[bytes], bytes]

# A fact is stored as JSON with sorted keys, so that what the envelope repeats stands behind its data. There it is found
# without reading the whole; where what is found does not give the leaf, the fact is looked at more closely.
_SUBJECT = b',"subject":{"id":"'
_RECORDED_AT = b',"recorded_at":"'
_SEQUENCE = b',"sequence":'
_SOURCE = b',"source":'
_UUID = 36


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
        name, identity, given = text.strip().split("+", 2)
        blob = base64.b64decode(given, validate=True)
        key = Key(name, bytes.fromhex(identity), blob[0], blob[1:])
    except (ValueError, IndexError):
        raise UnreadableError("公钥写法有误：" + text[:100], "this is no public key: " + text[:100]) from None
    expected = hashlib.sha256(name.encode() + b"\n" + blob).digest()[:4]
    if key.identity != expected or key.kind not in (1, 4) or len(key.public) != 32:
        raise UnreadableError("公钥与其编号不符：" + text[:100], "a public key does not have its own id: " + text[:100])
    return key


def read_checkpoint(given: bytes) -> Checkpoint:
    """Read a signed checkpoint."""
    bad = UnreadableError("检查点格式有误", "a checkpoint is not in its form")
    try:
        text, _, signed = given.decode("utf-8").partition("\n\n")
        lines = text.split("\n")
        size, root = int(lines[1]), base64.b64decode(lines[2], validate=True)
    except (ValueError, IndexError):
        raise bad from None
    if (
        str(size) != lines[1]
        or base64.b64encode(root).decode() != lines[2]
        or not lines[0]
        or not signed.endswith("\n")
    ):
        raise bad
    signatures = []
    for line in signed[:-1].split("\n"):
        dash, _, rest = line.partition(" ")
        name, _, blob = rest.partition(" ")
        try:
            signature = base64.b64decode(blob, validate=True)
        except binascii.Error:
            raise bad from None
        if dash != "\u2014" or not name or len(signature) < 5 or base64.b64encode(signature).decode() != blob:
            raise bad
        signatures.append((name, signature))
    return Checkpoint(lines[0], size, root, (text + "\n").encode(), signatures)


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
        """Return where a file lies; names in the manifest are relative and use slashes."""
        parts = name.split("/")
        if name.startswith("/") or "\\" in name or ":" in name or any(part in ("", ".", "..") for part in parts):
            raise UnreadableError(
                "清单中的文件名不可用：" + name[:100], "a file name of the manifest cannot be: " + name[:100]
            )
        return os.path.join(self.folder, *parts)

    def read(self, name: str) -> bytes:
        """Return a small file."""
        try:
            with open(self.path(name), "rb") as file:
                content = file.read()
        except OSError as fault:
            raise UnreadableError(f"文件 {name} 缺失或读不出（{fault}）", f"{name} cannot be read ({fault})") from None
        self.hashes[name] = hashlib.sha256(content).hexdigest()
        return content

    def lines(self, name: str) -> Iterator[bytes]:
        """Give the lines of a large file, without their ends; the hash is there once all were taken."""
        digest = hashlib.sha256()
        try:
            with open(self.path(name), "rb") as file:
                held = b""
                while True:
                    chunk = file.read(1 << 20)
                    if not chunk:
                        break
                    digest.update(chunk)
                    parts = (held + chunk).split(b"\n")
                    held = parts.pop()
                    yield from parts
                if held:
                    yield held
        except OSError as fault:
            raise UnreadableError(f"文件 {name} 缺失或读不出（{fault}）", f"{name} cannot be read ({fault})") from None
        self.hashes[name] = digest.hexdigest()

    def hash_of(self, name: str) -> str:
        """Return the hash of a file."""
        if name not in self.hashes:
            for _ in self.lines(name):
                pass
        return self.hashes[name]


def read_json(package: Package, name: str) -> Any:  # noqa: ANN401  a JSON value of any shape
    """Return what a file of the package holds as JSON."""
    try:
        return json.loads(package.read(name).decode("utf-8"))
    except ValueError as fault:
        raise UnreadableError(f"文件 {name} 不是合法的 JSON（{fault}）", f"{name} is no JSON ({fault})") from None


class Envelope(NamedTuple):
    """What a fact says of itself, and the bytes that its leaf covers in front of it."""

    district: bytes
    sequence: int
    type: bytes
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
    if type(number) is not int or not isinstance(district, str) or not isinstance(name, str):
        return None
    return Envelope(district.encode(), number, name.encode(), text)


class Cutter:
    """Cuts the envelope of a fact from the end of its line."""

    def __init__(self, digest: HashFunction, district: str) -> None:
        self.digest = digest
        self.marker = b'"district":"%b","id":"' % district.encode()
        self.opening = b'\x00["%b",' % district.encode()

    def sealed(self, seal: bytes, line: bytes, number: bytes) -> tuple[bytes, bytes] | None:
        """Return leaf and type of a fact that is as its seal says; None for one to be looked at more closely.

        Wherever the pieces were cut, only those that were sealed with the line give the leaf.
        """
        subject = line.rfind(_SUBJECT)
        stamp = line.rfind(_RECORDED_AT, 0, subject)
        identity = line.rfind(self.marker, 0, stamp)
        stamped = line[stamp + len(_RECORDED_AT) : subject]
        said = line[subject + len(_SUBJECT) :].split(b'"', 9)
        parts = seal.split(b" ")
        if not 0 <= identity < stamp < subject or len(said) < 10 or len(parts) != 3 or not parts[1].isdigit():
            return None
        if not stamped.partition(_SOURCE)[0].endswith(_SEQUENCE + number):
            return None
        identity += len(self.marker)
        # Leaf: H(0x00 || envelope || bytes as stored).
        leaf = self.digest(
            b'%b%b,"%b","%b/%b",%b,"%b","%b"]%b'
            % (
                self.opening,
                number,
                stamped[: stamped.find(b'"')],
                said[4],
                said[0],
                parts[1],
                said[8],
                line[identity : identity + _UUID],
                line,
            )
        )
        return None if parts[2] != leaf.hex().encode() or parts[0] != number else (leaf, said[8])


def check(folder: str, outside_keys: Sequence[Key] = (), outside_roots: Sequence[tuple[int, bytes]] = ()) -> Result:
    """Verify a package."""
    package = Package(folder)
    problems = []
    notes: list[tuple[str, str]] = []
    try:
        manifest_problems, names = _check_manifest(package)
        problems += manifest_problems
        proofs = read_json(package, PROOFS)
        whole = _Whole(package, proofs, problems, notes)
        facts, withheld, root = whole.check(outside_keys, outside_roots)
    except UnreadableError as fault:
        problems.append(Problem(None, fault.zh, fault.en))
        return Result(problems, notes, 0, 0, b"")
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError) as fault:
        problems.append(
            Problem(None, f"proofs.json 内容有误（{fault!r}）", f"proofs.json is not in its form ({fault!r})")
        )
        return Result(problems, notes, 0, 0, b"")
    problems += _check_files(package, names)
    notes += _strangers(folder, names)
    return Result(problems, notes, facts, withheld, root)


def _check_manifest(package: Package) -> tuple[list[Problem], dict[str, str]]:
    """Return what is wrong with the manifest, and the hashes that it names."""
    problems = []
    stated = package.read(SEAL_OF_MANIFEST)
    manifest = read_json(package, MANIFEST)
    if stated != (package.hashes[MANIFEST] + "  " + MANIFEST + "\n").encode():
        problems.append(Problem(None, "清单 manifest.json 与 manifest.sha256 不符", "manifest.json has another hash"))
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise UnreadableError("清单的格式不是 " + FORMAT, "the format of the manifest is not " + FORMAT)
    names = {}
    for one in manifest["files"]:
        names[str(one["name"])] = str(one["sha256"])
    problems += [
        Problem(None, "清单中没有 " + name, "the manifest does not name " + name)
        for name in (FACTS, SEALS, PROOFS, KEYS)
        if name not in names
    ]
    return problems, names


def _check_files(package: Package, names: dict[str, str]) -> list[Problem]:
    """Compare every file with the manifest."""
    problems = []
    for name, wanted in sorted(names.items()):
        try:
            if package.hash_of(name) != wanted:
                problems.append(Problem(None, f"文件 {name} 与清单不符", f"{name} is not what the manifest says"))
        except UnreadableError as fault:
            problems.append(Problem(None, fault.zh, fault.en))
    return problems


def _strangers(folder: str, names: dict[str, str]) -> list[tuple[str, str]]:
    """Name what lies in the folder and is no part of the package."""
    notes = []
    for place, _, files in sorted(os.walk(folder)):
        for file in sorted(files):
            name = os.path.relpath(os.path.join(place, file), folder).replace(os.sep, "/")
            if name not in names and name not in (MANIFEST, SEAL_OF_MANIFEST):
                notes.append(
                    (f"文件 {name} 不属于证据包，未核验", f"{name} is no part of the package and proves nothing")
                )
    return notes


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
        self.district = str(proofs["district"])
        self.size = int(proofs["tree_size"])
        self.of_a_case = {"case": True, "range": False}[proofs["of"]]
        self.first = 1 if self.of_a_case else int(proofs["from"])
        self.stated_root = bytes.fromhex(proofs["root"])
        self.seen_roots: dict[int, bytes] = {}
        self.rulebooks: dict[tuple[str, str], int] = {}
        self.policies: dict[str, int] = {}
        self.broken = False
        self.cutter = Cutter(self.digest, self.district)

    def check(self, outside_keys: Sequence[Key], outside_roots: Sequence[tuple[int, bytes]]) -> tuple[int, int, bytes]:
        """Check everything; return how many facts there are, how many are withheld, and the root."""
        keys = [read_key(line.decode()) for line in self.package.read(KEYS).split(b"\n") if line]
        checkpoints = self._checkpoints(keys, outside_keys)
        sizes = {one.size for one, _, _ in checkpoints} | {size for size, _ in outside_roots}
        facts, withheld, root = self._facts(sizes)
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
            self._bad(
                None, "此前各事实的散列个数不对", "there are not as many hashes of the facts before as there should be"
            )
        if not self.of_a_case and tree.size in sizes:
            self.seen_roots[tree.size] = tree.root()
        lines = self.package.lines(FACTS)
        facts = withheld = 0
        due = self.first
        try:
            for seal in self.package.lines(SEALS):
                line = None if b" - " in seal else next(lines, None)
                leaf = self._quickly(seal, line, due)
                if leaf is None:
                    due, version, leaf, path = self._seal(seal, due)
                    if version is None:
                        withheld += 1
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
        except FirstBadError as found:
            self.problems.append(found.problem)
            self.broken = True
            return facts, withheld, self.stated_root
        return facts, withheld, self.stated_root if self.of_a_case else tree.root()

    def _quickly(self, seal: bytes, line: bytes | None, due: int) -> bytes | None:
        """Return the leaf of the next fact of a range, None where it is withheld or wants a closer look."""
        cut = None if line is None or self.of_a_case else self.cutter.sealed(seal, line, b"%d" % due)
        if line is None or cut is None:
            return None
        leaf, name = cut
        if name.startswith(b"alert.raised."):
            self._cited(line, due)
        return leaf

    def _seal(self, line: bytes, due: int) -> tuple[int, int | None, bytes, list[bytes]]:
        """Read a line of seals.txt: sequence, version (None for a fact that is withheld), leaf, inclusion proof."""
        try:
            number, stated, leaf_text, *path_texts = line.split(b" ")
            sequence, leaf = int(number), bytes.fromhex(leaf_text.decode())
            path = [bytes.fromhex(one.decode()) for one in path_texts]
            version = None if stated == WITHHELD else int(stated)
        except ValueError:
            raise FirstBadError(due, "seals.txt 的这一行读不懂", "its line in seals.txt cannot be read") from None
        in_order = sequence >= due if self.of_a_case else sequence == due and not path
        if not in_order:
            raise FirstBadError(due, "seals.txt 在此缺行或乱序", "seals.txt lacks a line here, or it is out of order")
        if len(leaf) != 32:
            raise FirstBadError(
                sequence, "seals.txt 中它的叶长度不对", "its leaf in seals.txt is not as long as a leaf is"
            )
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
        if envelope.type.startswith(b"alert.raised."):
            self._cited(line, sequence)

    def _cited(self, line: bytes, sequence: int) -> None:
        """Note by which rulebook and house settings an alert says it was judged."""
        data = json.loads(line.decode("utf-8"))["data"]
        self.rulebooks.setdefault((str(data["rulebook"]), str(data["rulebook_sha256"])), sequence)
        self.policies.setdefault(str(data["policy_sha256"]), sequence)

    def _checkpoints(self, keys: Sequence[Key], outside: Sequence[Key]) -> list[tuple[Checkpoint, str, list[bytes]]]:
        """Return the checkpoints whose signatures hold, with their file and the consistency proof."""
        found = []
        vouched = False
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
            vouched = vouched or any(one in good for one in outside)
            found.append((checkpoint, name, path))
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
        known = {}
        for given in self.proofs["rulebooks"]:
            digest = hashlib.sha256(self.package.read(str(given["files"][0])))
            for name in given["files"][1:]:
                digest.update(str(name).rpartition("/")[2].encode() + b"\0" + self.package.read(str(name)))
            known[str(given["rulebook"]), digest.hexdigest()] = given
        for (rulebook, digest_text), sequence in sorted(self.rulebooks.items(), key=lambda one: one[1]):
            if not any(digest_text == one[1] for one in known):
                self._bad(
                    sequence,
                    f"该预警据以判定的 {rulebook} 不是包内的版本：规则书在判定之后被改动",
                    f"{rulebook} is not the version by which this alert was judged: it was changed afterwards",
                )
        policies = {hashlib.sha256(self.package.read(str(one))).hexdigest() for one in self.proofs["policies"]}
        for digest_text, sequence in sorted(self.policies.items(), key=lambda one: one[1]):
            if digest_text not in policies:
                self._bad(
                    sequence,
                    "该预警据以判定的内部设置不是包内的版本",
                    "the house settings by which this alert was judged are not those of the package",
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
        keys = Package(folder).read(KEYS).decode("utf-8", "replace").split()
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
    parser.add_argument("--json", action="store_true", help="供程序读取 / for programs")
    args = parser.parse_args(arguments)
    try:
        keys = [read_key(one) for one in args.key]
        roots = [_root_given(one) for one in args.root]
    except UnreadableError as fault:
        parser.error(f"{fault.zh} / {fault.en}")
    except ValueError:
        parser.error("--root: SIZE=HEX")
    result = check(args.folder, keys, roots)
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
