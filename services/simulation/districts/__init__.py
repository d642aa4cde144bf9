"""The five districts, each a plain table of what its rule text demands, read from the text and from nothing else."""

from __future__ import annotations

from typing import Final

from services.simulation.district import District
from services.simulation.districts.huancui import HUANCUI
from services.simulation.districts.qianjiang import QIANJIANG
from services.simulation.districts.xinqiu import XINQIU
from services.simulation.districts.xinzhou import XINZHOU
from services.simulation.districts.yuanzhou import YUANZHOU

DISTRICTS: Final[dict[str, District]] = {one.name: one for one in (XINZHOU, YUANZHOU, HUANCUI, XINQIU, QIANJIANG)}
