"""TLS to PostgreSQL is a matter of the address: certificates are checked, and the wrong ones refused."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from psycopg.conninfo import make_conninfo

from events.ledger.errors import LedgerUnavailableError
from events.postgres.faults import Awaiting
from events.postgres.ledger import PostgresLedger
from tests.events.ledger.examples import NINE, XINZHOU, alone, withdrawn
from tests.postgres_server import PostgresServer, own_server


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """Write a certificate of loopback that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / f"{name}.pem", folder / f"{name}.key"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """Give a server that speaks TLS."""
    with own_server() as running:
        paths = certificate(running.folder, "server")
        owner = (running.folder / "data").stat().st_uid
        for path in paths:
            os.chown(path, owner, -1)
            path.chmod(0o600)
        paths[0].chmod(0o644)
        with psycopg.connect(running.url, autocommit=True) as connection:
            for setting in (f"ssl_cert_file = '{paths[0]}'", f"ssl_key_file = '{paths[1]}'", "ssl = on"):
                connection.execute(f"ALTER SYSTEM SET {setting}")
            connection.execute("SELECT pg_reload_conf()")
        yield running


def test_a_ledger_is_reached_by_tls_when_the_address_asks_for_it(server: PostgresServer) -> None:
    trusted = str(server.folder / "server.pem")
    database = make_conninfo(server.new_ledger_database(), sslmode="verify-full", sslrootcert=trusted)
    with PostgresLedger(database) as ledger:
        ledger.record(alone(withdrawn(1)), NINE)
        assert ledger.head(XINZHOU).sequence == 1
    with psycopg.connect(database) as connection:
        found = connection.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone()
    assert found == (True,)


def test_a_server_with_another_certificate_is_not_believed(server: PostgresServer, tmp_path: Path) -> None:
    foreign, _ = certificate(tmp_path, "foreign")
    database = make_conninfo(server.new_ledger_database(), sslmode="verify-full", sslrootcert=str(foreign))
    with pytest.raises(LedgerUnavailableError) as refused:
        PostgresLedger(database, awaiting=Awaiting(0.1))
    assert refused.value.code == "database.unreachable"
