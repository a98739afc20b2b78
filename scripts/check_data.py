"""Validate data/stories and data/prose (schemas, counts, lengths, splits, overlap limits); print the datasheet's tables.

With --write the tables go into data/README.md as well; without it they must already stand there.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from spindetect.training.datasheet import composition, load_story_files, problems
from spindetect.training.prose import load_prose, prose_composition, prose_problems

ROOT = Path(__file__).resolve().parents[1]


SHEET = ROOT / "data/README.md"
BLOCK = r"(<!-- {}:.*?-->\n)(.*?)(<!-- end -->)"


def main() -> int:
    """Exit code 1 when a story breaks a rule or the datasheet is out of date."""
    stories, prose = load_story_files(ROOT / "data/stories"), load_prose(ROOT / "data/prose")
    tables = {"composition": composition(stories), "prose": prose_composition(prose)}
    print(*tables.values(), sep="\n")
    found = [*problems(stories, ROOT / "data/schema.json"), *prose_problems(prose, ROOT / "data/prose.schema.json")]
    sheet = SHEET.read_text("utf-8")
    if "--write" in sys.argv[1:]:
        for name, table in tables.items():
            sheet = re.sub(BLOCK.format(name), rf"\g<1>{table}\g<3>", sheet, flags=re.S)
        SHEET.write_text(sheet, "utf-8")
    elif any(table not in sheet for table in tables.values()):
        found.append("data/README.md: the composition tables are out of date: run scripts/check_data.py --write")
    for line in found:
        print(line, file=sys.stderr)
    print(f"{len(stories)} stories, {len(prose)} pieces of prose, {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
