"""信州区人民政府工作规则（饶信府发〔2023〕5号）: opinions, tasks, concerns and problems."""

from __future__ import annotations

from typing import Final

from services.simulation.stories.concerns import dated, letters, press_concerns, suggestions
from services.simulation.stories.countersigns import countersigns
from services.simulation.stories.tasks import problems, tasks

MATTERS: Final = (
    *countersigns(article="28.2", days=5),
    suggestions(article="12.2", publish=20),
    letters(article="15.1"),
    press_concerns(checked="14.1", answered="14.1", days=5),
    dated("inquiry", "interpellation", article="12.1"),
    dated("application", "disclosure_application", article="14.1"),
    dated("judgment", "judgment", article="13.1", answer="performed"),
    tasks(feedback="35.1"),
    problems(article="13.1"),
)
