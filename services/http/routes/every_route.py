"""Every group of routes of the API; a new one is a function in a file of its own, and a line here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from fastapi import APIRouter

from services.http.guard import Guard
from services.http.parts import Parts
from services.http.routes.access import access_routes
from services.http.routes.alerts import alert_routes
from services.http.routes.cases import case_routes
from services.http.routes.comparisons import comparison_routes
from services.http.routes.forms import form_routes
from services.http.routes.ledger_replay import ledger_replay_routes
from services.http.routes.metrics import metrics_routes
from services.http.routes.policy import policy_routes
from services.http.routes.preview import preview_routes
from services.http.routes.proofs import proof_routes
from services.http.routes.recording import recording_routes
from services.http.routes.replay import replay_routes
from services.http.routes.rules import rule_routes
from services.http.routes.service import service_routes
from services.http.routes.views import view_routes
from services.http.routes.vocabulary import vocabulary_routes
from services.pages.routes import page_routes

Routes = Callable[[Parts, Guard], APIRouter]

ROUTES: Final[tuple[Routes, ...]] = (
    recording_routes,
    form_routes,
    preview_routes,
    case_routes,
    replay_routes,
    ledger_replay_routes,
    alert_routes,
    view_routes,
    rule_routes,
    policy_routes,
    comparison_routes,
    vocabulary_routes,
    access_routes,
    proof_routes,
    metrics_routes,
    service_routes,
    page_routes,
)
