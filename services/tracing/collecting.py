"""The OpenTelemetry SDK, set up where the settings say that spans go somewhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final, TextIO

from services.file_faults import file_reason
from services.settings.sources import SettingError
from services.tracing.spans import NO_SPANS, Spans

if TYPE_CHECKING:
    from pathlib import Path

    from services.settings.service import Settings

_DELAY: Final = 1_000
"""Milliseconds for which spans are gathered before they are written."""


@contextmanager
def collected_spans(settings: Settings, part: str) -> Iterator[Spans]:
    """Give what makes the spans of a part of the system; at the end all that were made are written or sent.

    Raise SettingError when the file cannot be written, or a collector's certificates cannot be read.
    """
    if settings.traces is None and settings.traces_endpoint is None:
        yield NO_SPANS
        return
    # Loaded where spans are made, since it takes longer than most commands.
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415  as said above
    from opentelemetry.sdk.trace import ReadableSpan, TracerProvider  # noqa: PLC0415  as said above
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SpanExporter  # noqa: PLC0415  as said above
    from opentelemetry.sdk.trace.id_generator import IdGenerator  # noqa: PLC0415  as said above
    from opentelemetry.sdk.trace.sampling import ALWAYS_ON, ParentBased  # noqa: PLC0415  as said above

    from services.tracing.chosen_ids import ChosenIds  # noqa: PLC0415  as said above
    from services.tracing.fact_spans import FactSpans  # noqa: PLC0415  as said above

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

    named = Resource({"service.name": f"taizhang.{part}", "process.pid": os.getpid()})
    provider = TracerProvider(
        sampler=ParentBased(ALWAYS_ON), resource=named, id_generator=Generator(), shutdown_on_exit=False
    )
    with ExitStack() as opened, ExitStack() as ending:
        ending.callback(provider.shutdown)
        takers: list[SpanExporter] = []
        if settings.traces is not None:
            takers.append(ConsoleSpanExporter(out=opened.enter_context(_appending(settings.traces)), formatter=line))
        if settings.traces_endpoint is not None:
            from services.tracing.sending import collector_at  # noqa: PLC0415  its libraries are loaded for it alone

            collector = opened.enter_context(collector_at(settings.traces_endpoint, settings))
            ending.callback(collector.end)
            takers.append(collector)
        for taker in takers:
            provider.add_span_processor(BatchSpanProcessor(taker, schedule_delay_millis=_DELAY))
        yield FactSpans(provider.get_tracer("taizhang"), ids)


def _appending(path: Path) -> TextIO:
    try:
        # By line, so that processes may share the file.
        return path.open("a", encoding="utf-8", buffering=1)
    except OSError as fault:
        raise _cannot_write(path, fault) from fault


def _cannot_write(path: Path, fault: OSError) -> SettingError:
    zh, en = file_reason(fault)
    return SettingError(
        "setting.traces_unusable",
        "TAIZHANG_TRACES",
        f"不能写入 {path}（{zh}），链路记录无处可写，程序因此不启动；请检查路径与权限，或去掉此设置。",
        f"{path} cannot be written ({en}), so there is nowhere for the spans and the program does "
        "not start; check path and rights, or leave the setting out.",
    )
