"""How many threads numpy and scikit-learn work with."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache

from threadpoolctl import ThreadpoolController

_lock = threading.Lock()
_inside = 0
_limits = ExitStack()


@contextmanager
def one_thread() -> Iterator[None]:
    """Work on one pair is many small steps, in which threads only wait for each other: on a busy machine a comparison takes twice
    as long with two of them as with one.

    OpenMP counts threads for each caller; BLAS has one number for all, so the first caller in sets it and the last one out
    sets it back.
    """
    global _inside
    blas, openmp = (_pools().select(user_api=name) for name in ("blas", "openmp"))
    with openmp.limit(limits=1):
        with _lock:
            if not _inside:
                _limits.enter_context(blas.limit(limits=1))
            _inside += 1
        try:
            yield
        finally:
            with _lock:
                _inside -= 1
                if not _inside:
                    _limits.close()


@lru_cache(maxsize=1)
def _pools() -> ThreadpoolController:
    return ThreadpoolController()
