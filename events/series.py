"""Facts about series of document numbers."""

from typing import Annotated, ClassVar

from events.fact import FactData
from events.fields import DocumentRef, FactType, Text, UnitId, Whole, says


class SeriesOpened(FactData, frozen=True, kw_only=True):
    """A series of document numbers was opened for a body, a kind and a year."""

    TYPE: ClassVar = FactType("series.opened.v1", "文号序列启用", "series", opens=True)

    code: Annotated[Text, says("机关代字", "Code that stands before the year.")]
    issuer: Annotated[UnitId, says("发文机关", "Whose series.")]
    year: Annotated[Whole, says("年份", "Year in the brackets.")]


class SeriesNumberReserved(FactData, frozen=True, kw_only=True):
    """The next number of a series was reserved for a document."""

    TYPE: ClassVar = FactType("series.number_reserved.v1", "文号预留", "series")

    serial: Annotated[Whole, says("顺序号", "Serial number.")]
    document: Annotated[DocumentRef, says("公文", "For which document; `document.issued` uses it.")]


class SeriesNumberVoided(FactData, frozen=True, kw_only=True):
    """A reserved or used number was voided and will not be given again."""

    TYPE: ClassVar = FactType("series.number_voided.v1", "文号作废", "series")

    serial: Annotated[Whole, says("顺序号", "Serial number.")]
    reason: Annotated[Text, says("原因", "Why.")]
