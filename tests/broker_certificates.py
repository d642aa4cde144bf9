"""Certificates for a broker that speaks TLS, made anew for each test run: who vouches, and for whom."""

from __future__ import annotations

import datetime as dt
import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

DAY = dt.timedelta(days=1)
PASSWORD = "opens the key of the client"  # noqa: S105  of a key that lives as long as the test

LISTENER = """\
listeners=PLAINTEXT://127.0.0.1:@BROKER_PORT@,CONTROLLER://127.0.0.1:@CONTROLLER_PORT@,SECURE://127.0.0.1:@EXTRA_PORT@
advertised.listeners=PLAINTEXT://127.0.0.1:@BROKER_PORT@,SECURE://127.0.0.1:@EXTRA_PORT@
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL
sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.secure.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.secure.ssl.keystore.type=PEM
listener.name.secure.ssl.keystore.location={server}
listener.name.secure.ssl.truststore.type=PEM
listener.name.secure.ssl.truststore.location={authority}
listener.name.secure.ssl.client.auth=required
"""


class Certificates:
    """Files in a folder: `authority` vouches for `server` and `client`; the broker's settings are in `extra`."""

    def __init__(self, folder: Path) -> None:
        self.authority = folder / "authority.pem"
        self.server = folder / "server.pem"
        self.client = folder / "client.pem"
        self.client_key = folder / "client.key"
        self.extra = folder / "extra.properties"
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name("taizhang test authority")
        own = _signed(name, name, key.public_key(), key, authority=True)
        self.authority.write_bytes(own.public_bytes(Encoding.PEM))
        self._write(self.server, self.server, name, key, NoEncryption())
        self._write(self.client, self.client_key, name, key, BestAvailableEncryption(PASSWORD.encode()))
        self.extra.write_text(LISTENER.format(server=self.server, authority=self.authority), encoding="ascii")

    @staticmethod
    def _write(
        certificate: Path,
        key: Path,
        issuer: x509.Name,
        issuer_key: ec.EllipticCurvePrivateKey,
        encryption: KeySerializationEncryption,
    ) -> None:
        own = ec.generate_private_key(ec.SECP256R1())
        signed = _signed(_name(certificate.stem), issuer, own.public_key(), issuer_key, authority=False)
        written = own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
        key.write_bytes(written)
        with certificate.open("ab" if certificate == key else "wb") as file:
            file.write(signed.public_bytes(Encoding.PEM))


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _signed(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    authority: bool,
) -> x509.Certificate:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + DAY)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )
