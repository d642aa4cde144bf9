"""How the tests draw their examples: no time limit for one example, since several tests share the cores.

Whoever starts the service takes a port that is free, so that tests can run beside each other.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("shared_cores", deadline=None, print_blob=True)
settings.load_profile("shared_cores")

os.environ["TAIZHANG_PORT"] = "0"
