"""How the settings are told to the Kafka clients, and what is wrong when Kafka cannot be reached or used."""

from __future__ import annotations

import gc
import ssl
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from kafka.errors import KafkaError
from kafka.net.compat import KafkaNetClient

from events.ledger.errors import Reason
from services.settings.kafka import KafkaSettings
from services.settings.sources import SettingError

Client = TypeVar("Client")
ENCRYPTED = frozenset({"tls", "sasl_tls"})
SIGNED_IN = frozenset({"sasl_plaintext", "sasl_tls"})
_SECONDS_TO_CONNECT = 5
_PROTOCOLS = {"plaintext": "PLAINTEXT", "tls": "SSL", "sasl_plaintext": "SASL_PLAINTEXT", "sasl_tls": "SASL_SSL"}


class BrokerError(Exception):
    """Kafka cannot be reached, or refused what was asked; `code` is stable."""

    def __init__(self, reason: Reason) -> None:
        """Carry the reason."""
        super().__init__(f"{reason.zh} {reason.en} [{reason.code}]")
        self.reason = reason

    @property
    def code(self) -> str:
        """The stable code."""
        return self.reason.code


def reason_of(error: BrokerError | SettingError) -> Reason:
    """Return why Kafka cannot be used, whichever of the two says it."""
    return error.reason if isinstance(error, BrokerError) else Reason(error.code, error.zh, error.en)


def client_options(settings: KafkaSettings) -> dict[str, Any]:
    """Return the settings as kafka-python takes them; raise SettingError for what is missing or cannot be read."""
    if not settings.kafka:
        raise SettingError(
            "setting.missing",
            "TAIZHANG_KAFKA",
            "没有设置 TAIZHANG_KAFKA，无法连接 Kafka；请设为 Kafka 的地址，如 127.0.0.1:9092。",
            "TAIZHANG_KAFKA is not set, so Kafka cannot be reached; set it to where Kafka is, such as 127.0.0.1:9092.",
        )
    options: dict[str, Any] = {
        "bootstrap_servers": list(settings.kafka),
        "client_id": "taizhang",
        "bootstrap_timeout_ms": _SECONDS_TO_CONNECT * 1_000,
        "security_protocol": _PROTOCOLS[settings.kafka_security],
    }
    if settings.kafka_security in ENCRYPTED:
        options["ssl_context"] = tls_context(settings)
    if settings.kafka_security in SIGNED_IN:
        if settings.kafka_user is None or settings.kafka_password is None:
            raise SettingError(
                "setting.missing",
                "TAIZHANG_KAFKA_USER",
                "TAIZHANG_KAFKA_SECURITY 要求登录，但没有设置 TAIZHANG_KAFKA_USER 和 TAIZHANG_KAFKA_PASSWORD；请设置。",
                "TAIZHANG_KAFKA_SECURITY asks to sign in, but TAIZHANG_KAFKA_USER and TAIZHANG_KAFKA_PASSWORD are not "
                "both set; set them.",
            )
        options |= {
            "sasl_mechanism": settings.kafka_sasl,
            "sasl_plain_username": settings.kafka_user,
            "sasl_plain_password": settings.kafka_password,
        }
    return options


def tls_context(settings: KafkaSettings) -> ssl.SSLContext:
    """Return what encrypts connections and knows the brokers; raise SettingError for a file that cannot be used."""
    named = "TAIZHANG_KAFKA_CA"
    try:
        context = ssl.create_default_context(cafile=settings.kafka_ca)
        if settings.kafka_certificate is not None:
            named = "TAIZHANG_KAFKA_CERTIFICATE"
            password = settings.kafka_key_password
            context.load_cert_chain(settings.kafka_certificate, settings.kafka_key, lambda: password or "")
    except (OSError, ssl.SSLError) as fault:
        raise SettingError(
            "setting.not_usable",
            named,
            f"{named} 所指的文件不能使用（{fault}），无法与 Kafka 加密连接；请检查文件、私钥及其口令。",
            f"The file of {named} cannot be used ({fault}), so there is no encrypted connection to Kafka; check the "
            "file, the private key and its password.",
        ) from fault
    return context


def connected(make: Callable[..., Client], settings: KafkaSettings, **more: object) -> Client:
    """Return a client of kafka-python that has reached Kafka; raise SettingError, or what kafka-python raises.

    Where Kafka cannot be reached, its network thread and its sockets would stay behind: they are ended here.
    """
    made: list[KafkaNetClient] = []

    def network(**options: object) -> KafkaNetClient:
        made.append(KafkaNetClient(**options))
        return made[-1]

    try:
        return make(**client_options(settings), **more, kafka_client=network)
    except BaseException as fault:
        for one in made:
            one.close()
            one._net.stop()  # noqa: SLF001  as the library's own clients do when they are closed
        made.clear()
        traceback.clear_frames(fault.__traceback__)
        # The library forgets refused sockets in cycles; a long outage would use up all files before they are noticed.
        gc.collect()
        raise


@contextmanager
def broker_faults(settings: KafkaSettings) -> Iterator[None]:
    """Turn what kafka-python raises into a BrokerError."""
    try:
        yield
    except KafkaError as fault:
        where = ", ".join(settings.kafka)
        why = f"{type(fault).__name__}: {fault}"[:300]
        raise BrokerError(
            Reason(
                "kafka.not_usable",
                f"Kafka（{where}）不能连接或拒绝了请求（{why}）；请检查 TAIZHANG_KAFKA 各项设置、网络、证书与权限。"
                "事实在账册中，不受影响。",
                f"Kafka at {where} cannot be reached or refused ({why}); check the settings TAIZHANG_KAFKA..., the "
                "network, certificates and rights. The facts are in the ledger and are not touched.",
            )
        ) from fault
