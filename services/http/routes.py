"""Every group of routes of the API; a new one is a function in a file of its own, and a line here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from fastapi import APIRouter

from services.http.guard import Guard
from services.http.parts import Parts
from services.http.routes_recording import recording_routes
from services.http.routes_service import service_routes
from services.http.routes_views import view_routes
from services.http.routes_vocabulary import vocabulary_routes

Routes = Callable[[Parts, Guard], APIRouter]

ROUTES: Final[tuple[Routes, ...]] = (service_routes, vocabulary_routes, recording_routes, view_routes)
