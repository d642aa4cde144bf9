"""The OpenTelemetry SDK, set up where the settings say that spans go somewhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from services.setting_sources import SettingError
from services.tracing.spans import NO_SPANS, Spans

if TYPE_CHECKING:
    from pathlib import Path

    from services.settings import Settings

_DELAY: Final = 1_000
"""Milliseconds for which spans are gathered before they are written."""


@contextmanager
def collected_spans(settings: Settings, part: str) -> Iterator[Spans]:
    """Give what makes the spans of a part of the system; at the end all that were made are written.

    Raise SettingError when the file cannot be written.
    """
    if settings.traces is None:
        yield NO_SPANS
        return
    # Loaded where spans are made, since it takes longer than most commands.
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import ReadableSpan, TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.trace.id_generator import IdGenerator  # noqa: PLC0415
    from opentelemetry.sdk.trace.sampling import ALWAYS_ON, ParentBased  # noqa: PLC0415

    from services.tracing.chosen_ids import ChosenIds  # noqa: PLC0415
    from services.tracing.fact_spans import FactSpans  # noqa: PLC0415

    ids = ChosenIds()

    class Generator(IdGenerator):
        """The ids as the SDK asks for them."""

        def generate_span_id(self) -> int:
            return ids.span_id()

        def generate_trace_id(self) -> int:
            return ids.trace_id()

    def line(span: ReadableSpan) -> str:
        told: str = span.to_json(indent=None)
        return f"{told}\n"

    try:
        # By line, so that processes may share the file.
        lines = settings.traces.open("a", encoding="utf-8", buffering=1)
    except OSError as fault:
        raise _cannot_write(settings.traces, fault) from fault
    with lines:
        named = Resource({"service.name": f"taizhang.{part}", "process.pid": os.getpid()})
        provider = TracerProvider(
            sampler=ParentBased(ALWAYS_ON), resource=named, id_generator=Generator(), shutdown_on_exit=False
        )
        provider.add_span_processor(
            BatchSpanProcessor(ConsoleSpanExporter(out=lines, formatter=line), schedule_delay_millis=_DELAY)
        )
        try:
            yield FactSpans(provider.get_tracer("taizhang"), ids)
        finally:
            provider.shutdown()


def _cannot_write(path: Path, fault: OSError) -> SettingError:
    return SettingError(
        "setting.traces_unusable",
        "TAIZHANG_TRACES",
        f"不能写入 {path}（{fault.strerror or fault}），链路记录无处可写，程序因此不启动；"
        "请检查路径与权限，或去掉此设置。",
        f"{path} cannot be written ({fault.strerror or fault}), so there is nowhere for the spans and the program does "
        "not start; check path and rights, or leave the setting out.",
    )
