"""The settings of traces: the file and the collector that spans go to; by default there are no spans."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote, urlsplit

from services.settings.forms import A_FILE
from services.settings.sources import Setting

_HEADER_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class TraceSettings:
    """What an operator may set about traces; nothing has to be set where nobody collects them."""

    traces: Path | None = None
    """TAIZHANG_TRACES: the file to which the spans of requests and facts are added; None for none."""
    traces_endpoint: str | None = None
    """TAIZHANG_TRACES_ENDPOINT: where a collector takes spans by OTLP over HTTP; None for none."""
    traces_headers: Headers = ()
    """TAIZHANG_TRACES_HEADERS: headers that the collector asks for, name and value each."""
    traces_ca: Path | None = None
    """TAIZHANG_TRACES_CA: certificates (PEM) of those who vouch for the collector; None for the usual ones."""


def _endpoint(given: str) -> str | None:
    if not given:
        return None
    parts = urlsplit(given)
    # What signs in belongs into the headers, which are not shown.
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None or parts.port == 0:
        raise ValueError(given)
    return given


def _headers(given: str) -> Headers:
    pairs = [one.partition("=") for one in given.split(",") if one.strip()]
    headers = tuple((name.strip(), unquote(value.strip())) for name, _, value in pairs)
    for name, value in headers:
        if not _HEADER_NAME.fullmatch(name) or not value or not (value.isascii() and value.isprintable()):
            # The value is not told: it may be a secret.
            raise ValueError(name)
    return headers


TRACE_SETTINGS: Final[Mapping[str, Setting]] = MappingProxyType(
    {
        "traces": Setting(
            variable="TAIZHANG_TRACES",
            zh="链路跟踪（OpenTelemetry）写入的文件，每行一个 JSON，/dev/stderr 为标准错误；默认不跟踪",
            en="the file to which spans (OpenTelemetry) are added, one JSON object a line, /dev/stderr to show them; "
            "by default none are made",
            **A_FILE,
        ),
        "traces_endpoint": Setting(
            variable="TAIZHANG_TRACES_ENDPOINT",
            default="",
            form=_endpoint,
            zh="接收链路跟踪的采集器地址（OTLP/HTTP，protobuf），含路径；默认不发送",
            en="where a collector takes spans (OTLP over HTTP, protobuf), with its path; by default none are sent",
            allowed_zh="http 或 https 地址，如 https://collector.example:4318/v1/traces，不含用户名和口令",
            allowed_en="an http or https address without user and password, such as "
            "https://collector.example:4318/v1/traces",
        ),
        "traces_headers": Setting(
            variable="TAIZHANG_TRACES_HEADERS",
            default="",
            form=_headers,
            zh="发往采集器的请求头，如 Authorization=Bearer%20…，逗号分隔，值可用百分号编码",
            en="headers of what is sent to the collector, such as Authorization=Bearer%20…, separated by commas; "
            "values may be percent-encoded",
            allowed_zh="名称=值，逗号分隔",
            allowed_en="name=value, separated by commas",
            secret=True,
        ),
        "traces_ca": Setting(
            variable="TAIZHANG_TRACES_CA",
            zh="为采集器担保的证书（PEM）；默认用常用的",
            en="certificates (PEM) that vouch for the collector; by default the usual ones",
            **A_FILE,
        ),
    }
)
