"""Scores of other people's tools on the same pairs, from their own environment (`make rivals`); kept between runs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import joblib
import numpy as np

from spindetect.training.corpus import LabelledPair

ROOT = Path(__file__).resolve().parents[1]
PYTHON = ROOT / ".venv-rivals/bin/python"
SCORER = ROOT / "scripts/rivals/score.py"
FOLDER = ROOT / "build/cache/rivals"


def rival_scores(pairs: Sequence[LabelledPair]) -> tuple[dict[str, np.ndarray], dict[str, dict[str, Any]]]:
    """Scores by tool, shape (n,) each, nan where one failed; and each tool's version, setting, time and failures.

    Both are empty, with a note on stderr, where the environment is absent.
    """
    if not PYTHON.exists():
        print("rival tools: not run, `make rivals` installs them", file=sys.stderr)
        return {}, {}
    rows = "".join(json.dumps({"id": pair.id, "suspect": pair.suspect, "original": pair.original}) + "\n" for pair in pairs)
    key = joblib.hash([rows, SCORER.read_bytes(), SCORER.with_name("requirements.txt").read_bytes()])
    answer = FOLDER / f"{key}.json"
    if not answer.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        asked, made = FOLDER / f"{key}.jsonl", FOLDER / f"{key}.part"
        asked.write_text(rows, "utf-8")
        done = subprocess.run([str(PYTHON), str(SCORER), str(asked), str(made)])  # noqa: S603 (our own script)
        if done.returncode:
            print(f"rival tools: not run, their script ended with {done.returncode}: try `make rivals` again", file=sys.stderr)
            return {}, {}
        made.replace(answer)
        asked.unlink()
    tools: dict[str, Any] = json.loads(answer.read_text("utf-8"))["tools"]
    scores = {name: _array(tool.pop("scores")) for name, tool in tools.items()}
    return scores, tools


def _array(scores: list[float | None]) -> np.ndarray:
    return np.array([np.nan if score is None else score for score in scores], dtype=np.float64)
