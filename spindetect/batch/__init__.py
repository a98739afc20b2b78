"""Many rows at once: bounded memory, all cores or a cluster, resume; a bad row costs only itself."""

from __future__ import annotations

from spindetect.batch.run import run_batch
from spindetect.batch.tasks import CompareTask, ScreenTask, Task, TraceTask

__all__ = ["CompareTask", "ScreenTask", "Task", "TraceTask", "run_batch"]
