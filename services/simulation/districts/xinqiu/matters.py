"""新邱区人民政府工作规则（新政发〔2022〕5号）: opinions, tasks, concerns and problems."""

from __future__ import annotations

from typing import Final

from services.simulation.stories.concerns import dated, letters, press_concerns, suggestions
from services.simulation.stories.countersigns import countersigns
from services.simulation.stories.tasks import ASSIGNED, issued, problems, reported
from services.simulation.story import Break, Due, Flaw, Story

SEVEN_DAYS: Final = Due(7, "instruction.issued", "day", counts_start=True)
MATTERS: Final = (
    *countersigns(article="50.2", days=2),
    suggestions(article="31.3", publish=None),
    letters(article="79.1"),
    press_concerns(checked="35.1", answered="29.1", days=10),
    dated("inquiry", "interpellation", article="31.1"),
    dated("application", "disclosure_application", article="28.1"),
    dated("judgment", "judgment", article="32.1", answer="performed"),
    Story(
        name="ordinary-task",
        setting="full_week",
        monthly=2.5,
        steps=(issued(grade="ordinary"), ASSIGNED, *reported(2)),
        flaws=(
            Flaw(
                name="ordinary item not done in seven days",
                late="instruction.progress_reported",
                breaks=(Break(article="58.2", subject="task", party="@unit", due=SEVEN_DAYS),),
            ),
            Flaw(
                name="nobody made responsible",
                change={"instruction.assigned": {"responsible_person": None}},
                breaks=(Break(article="56.1", subject="task"),),
            ),
            Flaw(
                name="report not sealed",
                change={"instruction.progress_reported": {"sealed": False}},
                breaks=(Break(article="56.3", subject="task"),),
            ),
        ),
    ),
    Story(
        name="complex-task",
        monthly=1,
        steps=(issued(grade="complex"), ASSIGNED, *reported(12)),
        flaws=(
            Flaw(
                name="complex item without result in a month",
                late="instruction.progress_reported",
                breaks=(
                    Break(
                        article="58.2",
                        subject="task",
                        party="@unit",
                        due=Due(1, "instruction.issued", "month", counts_start=True),
                    ),
                ),
            ),
        ),
    ),
    problems(article="32.1"),
)
