"""The vocabulary: which types of fact there are, what they are about and what their fields are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from events import (
    absence,
    alert,
    approval,
    briefing,
    calendar,
    clock,
    concern,
    conduct,
    contract,
    countersign,
    document,
    document_issue,
    duty,
    entrustment,
    funds,
    instruction,
    matter,
    meeting,
    meeting_room,
    minutes,
    plan,
    publicity,
    record,
    report,
    review,
    roster,
    rulebook,
    seal,
    series,
    setting,
    supervision,
    visit,
)
from events.cases import CASE_KINDS
from events.fact import Fact, FactData
from events.field_types import FieldType, fields_of
from events.fields import Choices

_CLASSES: Final[tuple[type[FactData], ...]] = (
    absence.AbsenceRegistered,
    absence.AbsenceRequested,
    absence.AbsenceReported,
    absence.AbsenceNotified,
    absence.AbsenceConsented,
    absence.AbsenceApproved,
    absence.AbsenceRefused,
    absence.AbsenceFiled,
    absence.AbsenceDeparted,
    absence.AbsenceChanged,
    absence.AbsenceReturned,
    absence.AbsenceReturnReported,
    absence.AbsenceCancelled,
    alert.AlertRaised,
    alert.AlertDueMoved,
    alert.AlertAnswered,
    alert.AlertAcknowledged,
    alert.AlertEscalated,
    alert.AlertResolved,
    alert.AlertWithdrawn,
    alert.AlertWaived,
    alert.AlertReopened,
    approval.ApprovalRequested,
    approval.ApprovalGiven,
    approval.ApprovalRefused,
    approval.ApprovalWithdrawn,
    briefing.BriefingTitled,
    briefing.BriefingIssued,
    briefing.BriefingDiscontinued,
    calendar.CalendarNoticeAdopted,
    calendar.CalendarLocalDayDeclared,
    calendar.CalendarPeriodMarked,
    clock.ClockReached,
    concern.ConcernRegistered,
    concern.ConcernAssigned,
    concern.ConcernRead,
    concern.ConcernChecked,
    concern.ConcernContacted,
    concern.ConcernExtensionGranted,
    concern.ConcernAnswered,
    concern.ConcernClosed,
    conduct.ConductInterestDeclared,
    conduct.ConductDissentRecorded,
    conduct.ConductFindingMade,
    conduct.ConductObservanceAttested,
    contract.ContractDrafted,
    contract.ContractSigned,
    countersign.CountersignRequested,
    countersign.CountersignReceived,
    countersign.CountersignMaterialsReturned,
    countersign.CountersignReplied,
    countersign.CountersignExtensionRequested,
    countersign.CountersignExtensionAgreed,
    countersign.CountersignCoordinated,
    countersign.CountersignClosed,
    countersign.CountersignWithdrawn,
    document.DocumentDrafted,
    document.DocumentReceived,
    document.DocumentHandlingProposed,
    document.DocumentPresented,
    document.DocumentMarkedByLeader,
    document.DocumentForwarded,
    document.DocumentReturned,
    document.DocumentAnswered,
    document_issue.DocumentReviewed,
    document_issue.DocumentSigned,
    document_issue.DocumentIssued,
    document_issue.DocumentPublished,
    document_issue.DocumentExplained,
    document_issue.DocumentEffectiveDateSet,
    document_issue.DocumentFiled,
    document_issue.DocumentBasisChanged,
    document_issue.DocumentCleanedUp,
    document_issue.DocumentEnded,
    document_issue.DocumentArchived,
    duty.DutyRostered,
    duty.DutyContactTried,
    duty.DutyContactChanged,
    duty.DutyEventRecorded,
    duty.DutyEventReported,
    duty.DutyEventHandled,
    entrustment.EntrustmentGiven,
    entrustment.EntrustmentEnded,
    funds.FundsApplied,
    funds.FundsHandlingProposed,
    funds.FundsPaid,
    funds.FundsCostRecorded,
    instruction.InstructionIssued,
    instruction.InstructionAssigned,
    instruction.InstructionReceived,
    instruction.InstructionBrokenDown,
    instruction.InstructionProgressReported,
    instruction.InstructionExtensionGranted,
    instruction.InstructionReminded,
    instruction.InstructionCompleted,
    instruction.InstructionVerified,
    instruction.InstructionClosed,
    matter.MatterProposed,
    matter.MatterClassified,
    matter.MatterPapersSubmitted,
    matter.MatterPapersReturned,
    matter.MatterWithdrawn,
    matter.MatterPostponed,
    matter.MatterKeptOnAgenda,
    matter.MatterImplemented,
    matter.MatterClosed,
    meeting.MeetingPlanned,
    meeting.MeetingRescheduled,
    meeting.MeetingCancelled,
    meeting.MeetingAgendaProposed,
    meeting.MeetingAgendaApproved,
    meeting.MeetingNoticeSent,
    meeting.MeetingMaterialsDistributed,
    meeting.MeetingMaterialsCollected,
    meeting.MeetingLeaveRequested,
    meeting.MeetingLeaveAnswered,
    meeting.MeetingLeaveReported,
    meeting_room.MeetingOpened,
    meeting_room.MeetingAttendanceRecorded,
    meeting_room.MeetingPersonLeft,
    meeting_room.MeetingPersonRejoined,
    meeting_room.MeetingItemOpened,
    meeting_room.MeetingStatementMade,
    meeting_room.MeetingRecusalMade,
    meeting_room.MeetingDecisionMade,
    meeting_room.MeetingDevicesChecked,
    meeting_room.MeetingRecordingMade,
    meeting_room.MeetingClosed,
    minutes.MinutesDrafted,
    minutes.MinutesReviewed,
    minutes.MinutesSigned,
    minutes.MinutesIssued,
    minutes.MinutesWithdrawn,
    plan.PlanAdopted,
    plan.PlanChanged,
    publicity.PublicityPrepared,
    publicity.PublicityReleased,
    publicity.PublicityInformationPublished,
    publicity.PublicityListSet,
    record.RecordViewed,
    record.RecordExported,
    record.RecordAttemptRefused,
    record.RecordAccessGranted,
    record.RecordCorrected,
    record.RecordAnnulled,
    record.RecordPersonalDataErased,
    report.ReportSubmitted,
    report.ReportAnswered,
    review.ReviewRequested,
    review.ReviewReceived,
    review.ReviewMaterialsReturned,
    review.ReviewConcluded,
    review.ReviewFoundUnnecessary,
    review.ReviewWithdrawn,
    roster.RosterPersonRegistered,
    roster.RosterUnitEstablished,
    roster.RosterUnitClosed,
    roster.RosterPostEstablished,
    roster.RosterPostAbolished,
    roster.RosterPersonAppointed,
    roster.RosterPersonLeftPost,
    roster.RosterWorkDivided,
    roster.RosterAbArranged,
    roster.RosterAbArrangementEnded,
    rulebook.RulebookAdopted,
    rulebook.RulebookEnded,
    seal.SealRegistered,
    seal.SealUsed,
    series.SeriesOpened,
    series.SeriesNumberReserved,
    series.SeriesNumberVoided,
    setting.SettingPolicyAdopted,
    setting.SettingEngineAdopted,
    supervision.SupervisionInspectionPlanned,
    supervision.SupervisionInspectionMade,
    supervision.SupervisionProblemFound,
    supervision.SupervisionProblemNotified,
    supervision.SupervisionRectificationReported,
    supervision.SupervisionRechecked,
    supervision.SupervisionProblemClosed,
    supervision.SupervisionAssessmentMade,
    visit.VisitPlanned,
    visit.VisitMade,
    visit.VisitCancelled,
)

FACTS: Final[Mapping[str, type[FactData]]] = MappingProxyType({one.TYPE.name: one for one in _CLASSES})
"""Every type of fact by its recorded name."""


def subject_kind(type_: str) -> str:
    """Return the kind of case a type of fact is about."""
    return FACTS[type_].TYPE.subject


def opens(type_: str) -> bool:
    """Tell whether a fact of this type opens its case when it is recorded as it happens."""
    return FACTS[type_].TYPE.opens


def label(type_: str) -> tuple[str, str]:
    """Return the Chinese name of a type and its English sentence."""
    return FACTS[type_].TYPE.zh, sentence(FACTS[type_])


def sentence(fact: type[FactData]) -> str:
    """Return the English sentence of a fact: the docstring of its class."""
    return " ".join((fact.__doc__ or "").split())


def field_types(type_: str) -> Mapping[str, FieldType]:
    """Return the fields of a type's data by name, in their order."""
    return fields_of(FACTS[type_])


@cache
def envelope_types() -> Mapping[str, FieldType]:
    """Return the fields that every fact carries; the ledger's sequence is left out."""
    return MappingProxyType({name: one for name, one in fields_of(Fact).items() if name != "sequence"})


@cache
def enums() -> Mapping[str, Choices]:
    """Return every closed list of values by name, with its labels."""
    found: dict[str, Choices] = {}
    for fields in (envelope_types(), *(fields_of(one) for one in _CLASSES)):
        found.update((one.name, one) for one in _choices(fields))
    return MappingProxyType(dict(sorted(found.items())))


def enum_label(name: str, value: str) -> tuple[str, str]:
    """Return a value's Chinese and English label, such as `("会签", "countersignature")`."""
    return enums()[name].values[value]


def case_label(kind: str) -> tuple[str, str]:
    """Return the Chinese name of a case kind and what it is, in English."""
    return CASE_KINDS[kind]


def _choices(fields: Mapping[str, FieldType]) -> Iterator[Choices]:
    for field in fields.values():
        if field.choices:
            yield field.choices
        if field.fields:
            yield from _choices(field.fields)
