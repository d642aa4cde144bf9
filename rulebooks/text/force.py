"""The force of a wording: which words of the text say must, in principle, generally or may (效力用语)."""

from __future__ import annotations

import re
from typing import Final

IN_PRINCIPLE: Final = re.compile("原则上|尽可能|尽量")
GENERALLY: Final = re.compile("一般(?!公共|性|债|公文|文件|事项|工作|报告|会议)")
MAY: Final = re.compile("可以|可由|可视|可根据|可")


def forces_of(words: str) -> frozenset[str]:
    """Return the forces that the words of a provision can have; a permission can also be a bound that must be kept."""
    found = set()
    if IN_PRINCIPLE.search(words):
        found.add("in_principle")
    if GENERALLY.search(words):
        found.add("generally")
    if found:
        return frozenset(found)
    return frozenset({"must", "may"}) if MAY.search(words) else frozenset({"must"})


def fits(words: str, modality: str) -> bool:
    """Tell whether the modality of a rule has the force of its words."""
    return modality.removesuffix("_not") in forces_of(words)
