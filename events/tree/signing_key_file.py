"""A private key for signing checkpoints, in a file that its owner alone can read (Ed25519, PKCS 8 in PEM)."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from events.tree.signed_note import NoteError

_OWNER_ONLY: Final = 0o600
_OTHERS: Final = 0o077


def make_signing_key(path: Path) -> Ed25519PrivateKey:
    """Make a key where none is yet, whole or not at all; raise NoteError when one is there, OSError when it cannot."""
    private = Ed25519PrivateKey.generate()
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(beside)
    except FileExistsError:
        raise NoteError(
            "signing_key.exists",
            f"已有签名密钥 {path}，没有另建；以前的检查点靠它核对。确需更换的，先把它移到别处保存。",
            f"There is a signing key {path} already, and no other was made: earlier checkpoints rest on it. To change "
            "it, first move it to where it is kept.",
        ) from None
    finally:
        beside.unlink()
    return private


def read_signing_key(path: Path) -> Ed25519PrivateKey:
    """Read a key; raise NoteError when there is none, others may read it, or it is something else."""
    try:
        if path.stat().st_mode & _OTHERS:
            raise _unusable(path, "其他用户可读，请 chmod 600", "others may read it; chmod 600")
        private = load_pem_private_key(path.read_bytes(), None)
    except FileNotFoundError:
        raise NoteError(
            "signing_key.missing",
            f"没有签名密钥 {path}，不能签署；请把原来的密钥放回，或用命令新建。",
            f"There is no signing key {path}, so nothing can be signed; put it back, or make one by the command.",
        ) from None
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as fault:
        if isinstance(fault, NoteError):
            raise
        raise _unusable(path, str(fault), str(fault)) from fault
    if not isinstance(private, Ed25519PrivateKey):
        raise _unusable(path, "不是 Ed25519", "not Ed25519")
    return private


def _unusable(path: Path, zh: str, en: str) -> NoteError:
    return NoteError(
        "signing_key.unusable",
        f"签名密钥 {path} 不能使用（{zh}），不能签署；请放回原来的密钥文件。",
        f"The signing key {path} cannot be used ({en}), so nothing can be signed; put back the file as it was made.",
    )
