"""威海市环翠区人民政府工作规则（威环政发〔2022〕4号）: opinions, tasks, concerns and problems."""

from __future__ import annotations

from typing import Final

from services.simulation.stories.concerns import dated, letters, press_concerns, suggestions
from services.simulation.stories.tasks import problems, tasks

MATTERS: Final = (
    suggestions(article="35.2", publish=20),
    letters(article="39.1"),
    press_concerns(checked="38.1", answered="38.1", days=20),
    dated("inquiry", "interpellation", article="35.1"),
    dated("application", "disclosure_application", article="28.1"),
    dated("judgment", "judgment", article="36.1", answer="performed"),
    tasks(),
    problems(article="36.1"),
)
