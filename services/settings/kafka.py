"""The settings of Kafka: where it is, who we are to it, and how its topic is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, get_args

from services.settings.forms import A_COUNT, A_FILE, A_TEXT, counted
from services.settings.sources import Setting, one_of

KafkaSecurity = Literal["plaintext", "tls", "sasl_plaintext", "sasl_tls"]
KafkaSasl = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]

BROKERS_DEFAULT: Final = -1
"""The number of replicas that says: as many as the brokers are set to."""


@dataclass(frozen=True, kw_only=True)
class KafkaSettings:
    """What an operator may set about Kafka; nothing has to be set where there is none."""

    kafka: tuple[str, ...] = ()
    """TAIZHANG_KAFKA: the brokers to begin with, `host:port` each; empty where there is no Kafka."""
    kafka_topic: str = "taizhang.facts"
    """TAIZHANG_KAFKA_TOPIC: the topic that carries the facts."""
    kafka_partitions: int = 12
    """TAIZHANG_KAFKA_PARTITIONS: into how many parts a new topic is cut, for ever."""
    kafka_replicas: int = BROKERS_DEFAULT
    """TAIZHANG_KAFKA_REPLICAS: how many brokers keep each part of a new topic; -1 for what the brokers are set to."""
    kafka_retention_hours: int = 168
    """TAIZHANG_KAFKA_RETENTION_HOURS: how long a new topic keeps a message; the ledger keeps all of them."""
    kafka_security: KafkaSecurity = "plaintext"
    """TAIZHANG_KAFKA_SECURITY: whether connections are encrypted, and whether we sign in by SASL."""
    kafka_ca: Path | None = None
    """TAIZHANG_KAFKA_CA: certificates (PEM) of those who vouch for the brokers; None for those of the system."""
    kafka_certificate: Path | None = None
    """TAIZHANG_KAFKA_CERTIFICATE: our own certificate (PEM), where brokers ask for one."""
    kafka_key: Path | None = None
    """TAIZHANG_KAFKA_KEY: the private key of our certificate (PEM)."""
    kafka_key_password: str | None = None
    """TAIZHANG_KAFKA_KEY_PASSWORD: the password of that key."""
    kafka_sasl: KafkaSasl = "SCRAM-SHA-512"
    """TAIZHANG_KAFKA_SASL: how we sign in where the security says SASL."""
    kafka_user: str | None = None
    """TAIZHANG_KAFKA_USER: the user of SASL."""
    kafka_password: str | None = None
    """TAIZHANG_KAFKA_PASSWORD: the password of SASL."""


def _brokers(given: str) -> tuple[str, ...]:
    brokers = tuple(one.strip() for one in given.split(",") if one.strip())
    for broker in brokers:
        host, _, port = broker.rpartition(":")
        if not host or not 0 < int(port) <= 65_535:  # noqa: PLR2004  the largest port
            raise ValueError(given)
    return brokers


def _topic(given: str) -> str:
    if not given or len(given) > 249 or not all(one.isascii() and (one.isalnum() or one in "._-") for one in given):  # noqa: PLR2004  Kafka's own limit
        raise ValueError(given)
    return given


def _replicas(given: str) -> int:
    return BROKERS_DEFAULT if int(given) == BROKERS_DEFAULT else counted(given)


KAFKA_SETTINGS: Final[Mapping[str, Setting]] = MappingProxyType(
    {
        "kafka": Setting(
            variable="TAIZHANG_KAFKA",
            default="",
            form=_brokers,
            zh="Kafka 的地址，逗号分隔；单机运行不需要",
            en="where Kafka is, separated by commas; not needed on one machine",
            allowed_zh="主机:端口",
            allowed_en="host:port",
        ),
        "kafka_topic": Setting(
            variable="TAIZHANG_KAFKA_TOPIC",
            default="taizhang.facts",
            form=_topic,
            zh="传送事实的主题",
            en="the topic that carries the facts",
            allowed_zh="字母、数字、点、下划线、连字符，最多 249 个",
            allowed_en="letters, figures, dots, underscores, hyphens, 249 at most",
        ),
        "kafka_partitions": Setting(
            variable="TAIZHANG_KAFKA_PARTITIONS",
            default="12",
            zh="新建主题的分区数，此后不可更改",
            en="into how many partitions a new topic is cut; it never changes",
            **A_COUNT,
        ),
        "kafka_replicas": Setting(
            variable="TAIZHANG_KAFKA_REPLICAS",
            default="-1",
            form=_replicas,
            zh="新建主题的副本数；-1：按 Kafka 集群的默认值",
            en="how many brokers keep a new topic; -1 for the default of the cluster",
            allowed_zh="正整数或 -1",
            allowed_en="a whole number from 1 on, or -1",
        ),
        "kafka_retention_hours": Setting(
            variable="TAIZHANG_KAFKA_RETENTION_HOURS",
            default="168",
            zh="新建主题保留消息的小时数；账册始终完整",
            en="hours for which a new topic keeps a message; the ledger keeps all",
            **A_COUNT,
        ),
        "kafka_security": Setting(
            variable="TAIZHANG_KAFKA_SECURITY",
            default="plaintext",
            zh="与 Kafka 的连接是否加密（tls）、是否以 SASL 登录",
            en="whether connections to Kafka are encrypted (tls), and whether we sign in by SASL",
            **one_of(get_args(KafkaSecurity)),
        ),
        "kafka_ca": Setting(
            variable="TAIZHANG_KAFKA_CA",
            zh="为 Kafka 担保的证书（PEM）；默认用系统的",
            en="certificates (PEM) that vouch for Kafka; by default those of the system",
            **A_FILE,
        ),
        "kafka_certificate": Setting(
            variable="TAIZHANG_KAFKA_CERTIFICATE",
            zh="本系统的证书（PEM），Kafka 要求时用",
            en="our own certificate (PEM), where Kafka asks for one",
            **A_FILE,
        ),
        "kafka_key": Setting(
            variable="TAIZHANG_KAFKA_KEY",
            zh="本系统证书的私钥文件（PEM）",
            en="the file of the private key (PEM) of our certificate",
            **A_FILE,
        ),
        "kafka_key_password": Setting(
            variable="TAIZHANG_KAFKA_KEY_PASSWORD",
            zh="该私钥的口令",
            en="the password of that key",
            secret=True,
            default="",
            **A_TEXT,
        ),
        "kafka_sasl": Setting(
            variable="TAIZHANG_KAFKA_SASL",
            default="SCRAM-SHA-512",
            zh="SASL 登录的方式",
            en="how we sign in by SASL",
            **one_of(get_args(KafkaSasl)),
        ),
        "kafka_user": Setting(
            variable="TAIZHANG_KAFKA_USER", zh="SASL 登录的用户名", en="the user of SASL", default="", **A_TEXT
        ),
        "kafka_password": Setting(
            variable="TAIZHANG_KAFKA_PASSWORD",
            zh="SASL 登录的口令",
            en="the password of SASL",
            secret=True,
            default="",
            **A_TEXT,
        ),
    }
)
