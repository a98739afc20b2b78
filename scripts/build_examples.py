"""Write data/examples: the articles of the README and of `make demo`, from one test story, and a small archive of test
stories."""

from __future__ import annotations

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STORY = "022-trash-strike"
ARCHIVED = 20
"""Test stories of which the example archive holds two articles each."""


def example_texts() -> dict[str, str]:
    """File name to text: the story's original, its old-school spin, its independent report and its reprint."""
    story = json.loads((ROOT / f"data/stories/{STORY}.json").read_text("utf-8"))
    spun = next(rewrite["text"] for rewrite in story["rewrites"] if rewrite["kind"] == "thesaurus")
    texts = {"original": story["original"], "independent": story["independent"], "reprint": story["reprint"]}
    articles = {f"{name}.txt": f"{part['title']}\n\n{part['text']}\n" for name, part in texts.items()}
    return {**articles, "spun.txt": spun + "\n", "archive.jsonl": "".join(map(_lines, _archived()))}


def _archived() -> list[Path]:
    paths = sorted((ROOT / "data/stories").glob("*.json"))
    return [path for path in paths if json.loads(path.read_text("utf-8"))["split"] == "test"][:ARCHIVED]


def _lines(path: Path) -> str:
    """A story's original and its independent report, as rows for `spindetect archive add`."""
    story = json.loads(path.read_text("utf-8"))
    rows = [(path.stem, story["original"]), (f"{path.stem}/independent", story["independent"])]
    return "".join(
        json.dumps({"id": name, "title": part["title"], "outlet": part["outlet"], "text": part["text"]}, ensure_ascii=False)
        + "\n"
        for name, part in rows
    )


if __name__ == "__main__":
    for name, text in example_texts().items():
        (ROOT / "data/examples" / name).write_text(text, "utf-8")
