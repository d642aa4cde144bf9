"""重庆市黔江区人民政府工作规则（2022年11月）: opinions, tasks, concerns and problems."""

from __future__ import annotations

from typing import Final

from services.simulation.stories.concerns import dated, letters, press_concerns, suggestions
from services.simulation.stories.countersigns import countersigns
from services.simulation.stories.tasks import problems, tasks

MATTERS: Final = (
    *countersigns(article="53.3", days=7),
    suggestions(article="34.2", publish=20),
    letters(article="38.1"),
    press_concerns(checked="37.1", answered=None),
    dated("inquiry", "interpellation", article="34.1"),
    dated("judgment", "judgment", article="35.1", answer="performed"),
    tasks(),
    problems(article="35.1"),
)
