"""Write data/examples/*.txt, the articles of the README and of `make demo`, from one test story."""

from __future__ import annotations

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STORY = "022-trash-strike"


def example_texts() -> dict[str, str]:
    """File name to text: the story's original, its old-school spin, its independent report and its reprint."""
    story = json.loads((ROOT / f"data/stories/{STORY}.json").read_text("utf-8"))
    spun = next(rewrite["text"] for rewrite in story["rewrites"] if rewrite["kind"] == "thesaurus")
    texts = {"original": story["original"], "independent": story["independent"], "reprint": story["reprint"]}
    articles = {f"{name}.txt": f"{part['title']}\n\n{part['text']}\n" for name, part in texts.items()}
    return {**articles, "spun.txt": spun + "\n"}


if __name__ == "__main__":
    for name, text in example_texts().items():
        (ROOT / "data/examples" / name).write_text(text, "utf-8")
