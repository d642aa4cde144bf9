"""How the tests draw their examples: no time limit for one example, since several tests share the cores."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("shared_cores", deadline=None, print_blob=True)
settings.load_profile("shared_cores")
