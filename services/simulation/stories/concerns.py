"""What comes from outside: suggestions of deputies, letters, questions, press concerns, judgments."""

from __future__ import annotations

from services.simulation.story import Break, Due, Flaw, Step, Story, step


def suggestions(*, article: str, publish: int | None) -> Story:
    """Return the handling of a deputy's suggestion: a named person, a limit, contact, an answer, the result published.

    `publish` is the number of working days from the close within which the result is published; without it the result
    stands published when the case is closed.
    """
    late = Flaw(
        name="suggestion answered late",
        late="concern.answered",
        breaks=(Break(article=article, subject="concern", due=Due(0, "@in_20", "day")),),
    )
    flaws = [
        late,
        Flaw(
            name="deputy not contacted",
            leave_out=("concern.contacted",),
            breaks=(Break(article=article, subject="concern"),),
        ),
        Flaw(
            name="nobody made responsible",
            change={"concern.assigned": {"responsible_person": None, "leader": None}},
            breaks=(Break(article=article, subject="concern"),),
        ),
    ]
    published = step(
        *("publicity.information_published", "publicity", "@unit", 13),
        kind="result",
        about="#concern",
        unit="@unit",
        channels=["portal"],
    )
    closed = step("concern.closed", "concern", "@office", 13, solved=True, author_satisfied=True)
    if publish is None:
        unpublished = Break(article=article, subject="concern")
        flaws.append(
            Flaw(name="result not published", leave_out=(published.fact,), breaks=(unpublished,), settled_after=21)
        )
    else:
        too_late = Break(article=article, subject="concern", due=Due(publish, "concern.closed"))
        flaws.append(Flaw(name="result published late", late=published.fact, breaks=(too_late,)))
    return Story(
        name="suggestion",
        monthly=1.2,
        steps=(
            step(
                *("concern.registered", "concern", "@office", 0),
                kind="congress_suggestion",
                title="@title",
                from_text="区人大代表",
                statutory_due="@in_20",
            ),
            step(
                *("concern.assigned", "concern", "@office", 1),
                unit="@unit",
                responsible_person="@unit_deputy",
                due="@in_20",
            ),
            step("concern.contacted", "concern", "@unit", 6, unit="@unit", form="phone"),
            step("concern.answered", "concern", "@unit", 13, unit="@unit", answer="solved"),
            *((published, closed) if publish is None else (closed, published)),
        ),
        flaws=tuple(flaws),
    )


def letters(*, article: str, days: int | None = None) -> Story:
    """Return the handling of an important letter, which a leader reads himself, within some working days if any."""
    due = None if days is None else Due(days, "concern.registered")
    return Story(
        name="letter",
        monthly=1.5,
        steps=(
            step(
                *("concern.registered", "concern", "@office", 0),
                kind="letter",
                title="@title",
                to_person="@leader",
                against_unit="@unit",
                important=True,
                major=False,
            ),
            step("concern.read", "concern", "@leader", 1, opinion="请认真办理", in_person=True),
            step("concern.assigned", "concern", "@office", 1, unit="@unit", responsible_person="@unit_head"),
            step("concern.answered", "concern", "@unit", 5, unit="@unit", answer="solved"),
        ),
        flaws=(
            Flaw(
                name="letter not read by a leader",
                leave_out=("concern.read",),
                breaks=(Break(article=article, subject="concern", due=due),),
            ),
        ),
    )


def press_concerns(*, checked: str, answered: str | None, days: int = 0) -> Story:
    """Return the handling of a concern of the press: checked, then answered within some working days."""
    flaws = [
        Flaw(
            name="answered without checking",
            leave_out=("concern.checked",),
            breaks=(Break(article=checked, subject="concern"),),
        )
    ]
    if answered is not None:
        flaws.append(
            Flaw(
                name="press answered late",
                late="concern.answered",
                breaks=(Break(article=answered, subject="concern", due=Due(days, "concern.registered")),),
            )
        )
    return Story(
        name="press",
        monthly=1.5,
        steps=(
            step(
                *("concern.registered", "concern", "@office", 0),
                kind="press_concern",
                title="@title",
                against_unit="@unit",
                important=False,
                major=False,
            ),
            step("concern.checked", "concern", "@unit", 1, unit="@unit", content="情况属实"),
            step("concern.answered", "concern", "@unit", 2, unit="@unit", answer="explained"),
        ),
        flaws=tuple(flaws),
    )


def dated(name: str, kind: str, *, article: str, answer: str = "explained", monthly: float = 0.5) -> Story:
    """Return something from outside that has to be answered by a statutory day."""
    return Story(
        name=name,
        monthly=monthly,
        steps=(
            step(
                *("concern.registered", "concern", "@office", 0),
                kind=kind,
                title="@title",
                against_unit="@unit",
                statutory_due="@in_10",
            ),
            step(
                "concern.assigned", "concern", "@office", 1, unit="@unit", responsible_person="@unit_head", due="@in_10"
            ),
            step("concern.contacted", "concern", "@unit", 3, unit="@unit", form="phone"),
            step("concern.answered", "concern", "@unit", 7, unit="@unit", answer=answer),
            Step(fact="concern.closed", case="concern", by="@office", day=8, data={"solved": True}),
        ),
        flaws=(
            Flaw(
                name=f"{name} answered late",
                late="concern.answered",
                breaks=(Break(article=article, subject="concern", due=Due(0, "@in_10", "day")),),
            ),
        ),
    )
