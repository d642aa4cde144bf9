"""What the measured rates come to for a province: a simulated day each line, with the rates that it was given."""

from __future__ import annotations

from dataclasses import asdict

from tests.bench.capacity.scenarios import PARTITIONS, SCENARIOS, played


def bench_capacity() -> list[dict[str, object]]:
    """Play every day of the capacity plan; nothing is measured here."""
    lines: list[dict[str, object]] = []
    for one in SCENARIOS:
        given = {"rates": asdict(one.rates), "load": asdict(one.load), "partitions": PARTITIONS}
        day = {name: value for name, value in asdict(played(one)).items() if name != "facts"}
        lines.append(
            {
                "name": f"capacity.{one.name}.{one.workers}_workers",
                "n": one.load.facts,
                "rate": round(one.load.a_second(one.load.peak_hour)),
                "unit": "facts/s at the peak",
                **given,
                **day,
            }
        )
    return lines
