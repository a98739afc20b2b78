"""How many threads numpy and scikit-learn work with."""

from __future__ import annotations

from functools import lru_cache

from threadpoolctl import ThreadpoolController


@lru_cache(maxsize=1)
def thread_pools() -> ThreadpoolController:
    """Those of numpy and scikit-learn. Work on one pair is many small steps, in which threads only wait for each other: on a busy
    machine a comparison takes twice as long with two of them as with one."""
    return ThreadpoolController()
