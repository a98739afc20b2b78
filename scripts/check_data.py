"""Validate data/stories (schema, counts, lengths, splits, overlap limits) and print the datasheet's tables.

With --write the tables go into data/README.md as well; without it they must already stand there.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from spindetect.training.datasheet import composition, load_story_files, problems

ROOT = Path(__file__).resolve().parents[1]


SHEET = ROOT / "data/README.md"
BLOCK = re.compile(r"(<!-- composition:.*?-->\n)(.*?)(<!-- end -->)", re.S)


def main() -> int:
    """Exit code 1 when a story breaks a rule or the datasheet is out of date."""
    stories = load_story_files(ROOT / "data/stories")
    tables = composition(stories)
    print(tables)
    found = problems(stories, ROOT / "data/schema.json")
    sheet = SHEET.read_text("utf-8")
    if "--write" in sys.argv[1:]:
        SHEET.write_text(BLOCK.sub(lambda match: match[1] + tables + match[3], sheet), "utf-8")
    elif tables not in sheet:
        found.append("data/README.md: the composition tables are out of date: run scripts/check_data.py --write")
    for line in found:
        print(line, file=sys.stderr)
    print(f"{len(stories)} stories, {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
