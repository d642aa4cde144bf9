"""重庆市黔江区人民政府工作规则（2022年11月）: contracts, inspections, bodies, matters put up."""

from __future__ import annotations

from typing import Final

from services.simulation.stories.carrying_out import own_matter
from services.simulation.stories.meetings import approval, reviewed
from services.simulation.story import Break, Flaw, Step, Story, step

CONTRACTS: Final = Story(
    name="contract",
    monthly=0.8,
    steps=(
        step(
            *("contract.drafted", "contract", "@unit", 0),
            kind="contract",
            title="@title",
            unit="@unit",
            counterparty="某公司",
            major=False,
            amount_wan="20",
        ),
        *reviewed("own", "own_legality", 1, about="#contract", asked_by="@unit", reviewer="@unit", by="@unit_deputy"),
        step("contract.signed", "contract", "@unit", 3, signed_by="@unit_head"),
    ),
    flaws=(Flaw.left_out("contract not reviewed", "own-asked", "own", article="20.3", subject="contract"),),
)
INSPECTIONS: Final = Story(
    name="inspection",
    monthly=0.6,
    steps=(
        step(
            *("supervision.inspection_planned", "inspection", "@unit", 0),
            title="@title",
            unit="@unit",
            in_name_of="unit",
            targets=["@u_town"],
            fields="@fields",
            from_="@in_3",
            until="@in_5",
        ),
        approval("inspection-approved", "@leader", 1, "inspect", "#inspection", "leader_in_charge"),
        step("supervision.inspection_made", "inspection", "@unit", 3, targets=["@u_town"], method="unannounced"),
    ),
    flaws=(
        Flaw(
            name="inspection neither planned nor approved",
            leave_out=("inspection-approved",),
            change={"supervision.inspection_planned": {"plan": None}},
            breaks=(Break(article="42.1", subject="inspection"),),
        ),
    ),
)
PERIODIC_REPORTS: Final = Story(
    name="periodic-report",
    monthly=0.8,
    steps=(
        step(
            *("report.submitted", "report", "@unit", 0),
            kind="periodic",
            from_unit="@unit",
            to_unit="@office",
            form="written",
        ),
    ),
    flaws=(
        Flaw.changed(
            *("periodic report by mouth", "report.submitted", {"form": "meeting"}), article="39.1", subject="report"
        ),
    ),
)
BODIES: Final = Story(
    name="body",
    monthly=0.4,
    steps=(
        own_matter(),
        *reviewed(
            *("necessity", "body_necessity", 1),
            about="#matter",
            asked_by="@unit",
            reviewer="@office",
            by="@odir",
            answers=[{"question": "body_exists", "answer": False}],
        ),
        approval("body-checked", "@odir", 3, "review", "#matter", "office_director"),
        approval("body-signed", "@head", 4, "approve", "#matter", "district_head"),
        step(
            *("roster.unit_established", "unit", "@office", 5),
            name="@title",
            kind="coordination_body",
            parent="@gov",
            office_unit="@unit",
            matter="#matter",
        ),
    ),
    flaws=(
        Flaw.left_out("body not checked by the office", "body-checked", article="67.3", subject="unit"),
        Flaw.left_out("body not signed by the head", "body-signed", article="67.3", subject="unit"),
        Flaw.changed(
            *("body set up beside another", "necessity", {"answers": [{"question": "body_exists", "answer": True}]}),
            article="67.3",
            subject="unit",
            party="body_exists",
        ),
    ),
)


def _matter(name: str, flags: tuple[str, ...], *steps: Step, flaws: tuple[Flaw, ...]) -> Story:
    """Return a department's matter with these flags, from the proposal on."""
    return Story(
        name=name,
        setting="deputys_department",
        monthly=0.6,
        steps=(
            own_matter(),
            step("matter.classified", "matter", "@office", 1, flags=list(flags)),
            *steps,
        ),
        flaws=flaws,
    )


IMPLEMENTED: Final = step("matter.implemented", "matter", "@unit", 5, act="组织实施", unit="@unit")
CONSENTED: Final = approval("consented", "@leader", 3, "consent", "#matter", "leader_in_charge")
RIGHTS: Final = _matter(
    *("public-rights", ("public_rights",), CONSENTED, IMPLEMENTED),
    flaws=(Flaw.left_out("government not asked", "consented", article="28.1", subject="matter"),),
)
PUT_UP: Final = _matter(
    *("put-up", ("government_approval",), CONSENTED, IMPLEMENTED),
    flaws=(Flaw.left_out("not put to the government", "consented", article="9.1", subject="matter"),),
)
PARTY_MATTERS: Final = _matter(
    "party-matter",
    ("party_matter",),
    step(
        *("report.submitted", "report", "@gov", 3),
        kind="request",
        about="#matter",
        from_unit="@gov",
        to_unit="@u_party",
        form="written",
    ),
    IMPLEMENTED,
    flaws=(Flaw.left_out("Party committee not asked", "report.submitted", article="28.1", subject="matter"),),
)
DISCLOSED: Final = _matter(
    "disclosed",
    ("disclosure_due",),
    step(
        *("publicity.information_published", "publicity", "@unit", 4),
        kind="result",
        about="#matter",
        unit="@unit",
        channels=["portal"],
    ),
    step("matter.closed", "matter", "@unit", 6, summary="已办结"),
    flaws=(
        Flaw.left_out(
            "closed before it was made known", "publicity.information_published", article="31.1", subject="matter"
        ),
    ),
)
UNDERTAKINGS: Final = (
    CONTRACTS,
    INSPECTIONS,
    PERIODIC_REPORTS,
    BODIES,
    RIGHTS,
    PUT_UP,
    PARTY_MATTERS,
    DISCLOSED,
)
