"""袁州区人民政府工作规则（袁府发〔2023〕3号）: opinions, tasks, concerns and problems."""

from __future__ import annotations

from typing import Final

from services.simulation.stories.concerns import dated, letters, press_concerns, suggestions
from services.simulation.stories.countersigns import countersigns
from services.simulation.stories.tasks import problems, tasks

MATTERS: Final = (
    *countersigns(article="27.2", days=3),
    suggestions(article="12.3", publish=20),
    letters(article="15.1", days=10),
    press_concerns(checked="14.1", answered="14.1", days=10),
    dated("inquiry", "interpellation", article="12.2"),
    dated("hotline", "hotline", article="15.1", answer="solved"),
    dated("reconsideration", "reconsideration", article="14.1", answer="performed"),
    tasks(feedback="32.1", party="@unit"),
    problems(article="13.1"),
)
