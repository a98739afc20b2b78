"""Writes a bundle of the present format as small as possible: tests/data/bundle-v<format>, and what it says of a pair.

Run once for each new bundle format, never again for an old one: what is stored stands for the bundles that users have.
The encoder is the shipped one cut to its most frequent words and first dimensions; the heads are of the kinds that training
fits, on random numbers.

    python tests/data/make_bundle.py
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import numpy as np
from model2vec import StaticModel
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier, VotingClassifier
from tokenizers import Tokenizer

from spindetect import SpinDetector
from spindetect.bundle import FORMAT_VERSION, default_folder, feature_schema, save_bundle
from spindetect.scoring import Heads
from spindetect.synonyms import SYNONYMS_FILE, write_synonyms
from spindetect.verdicts import Thresholds

HERE = Path(__file__).parent
WORDS, DIMENSIONS, ROWS = 1_500, 8, 400
EXAMPLES = HERE.parents[1] / "data/examples"


def main() -> int:
    """Write the folder; refuse to overwrite one."""
    folder = HERE / f"bundle-v{FORMAT_VERSION}"
    if folder.exists():
        sys.exit(f"{folder} is there: it stays as it is")
    rng = np.random.default_rng(0)
    schema = feature_schema()
    numbers = {name: rng.random((ROWS, len(names))).astype(np.float32) for name, names in schema.items()}
    numbers["context"] = np.concatenate([numbers["sentence"], numbers["context"]], axis=1)
    heads = Heads(
        sentence=_boosted(4).fit(numbers["sentence"], rng.integers(0, 3, ROWS)),
        context=_boosted(4).fit(numbers["context"], rng.integers(0, 3, ROWS)),
        derived=_derived(numbers["article"], numbers["article"][:, 0] > 0.5),
        wording=CalibratedClassifierCV(_boosted(4), method="sigmoid", cv=2, ensemble=False).fit(
            numbers["change"], numbers["change"][:, 0] > 0.5
        ),
    )
    with tempfile.TemporaryDirectory() as scratch:
        _small_encoder(Path(scratch) / "encoder")
        write_synonyms(Path(scratch) / SYNONYMS_FILE, [["big", "large"], ["shut", "close"]])
        save_bundle(
            folder, name="fixture", version="0.1.0", heads=heads, encoder_folder=Path(scratch) / "encoder", encoder_id=None,
            thresholds=Thresholds(0.9, ((0.01, 0.9), (0.1, 0.5))), reference=np.zeros(len(schema["article"]) + len(schema["change"])),
            metrics={}, card="A bundle for tests; it knows nothing.\n",
        )  # fmt: skip
    pair = [(EXAMPLES / f"{name}.txt").read_text("utf-8") for name in ("spun", "original")]
    result = SpinDetector.load(folder).compare(*pair)
    said = {"texts": pair, "probabilities": result.probabilities, "coverage": result.coverage}
    (HERE / f"bundle-v{FORMAT_VERSION}.json").write_text(json.dumps(said, indent=1) + "\n", "utf-8")
    return 0


def _boosted(rounds: int) -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(max_iter=rounds, max_leaf_nodes=4, random_state=0)


def _derived(rows: np.ndarray, target: np.ndarray) -> CalibratedClassifierCV:
    forest = ExtraTreesClassifier(3, max_depth=3, random_state=0)
    both = VotingClassifier([("forest", forest), ("boosted", _boosted(4))], voting="soft", weights=[1, 2])
    return CalibratedClassifierCV(both, method="sigmoid", cv=2, ensemble=False).fit(rows, target)


def _small_encoder(folder: Path) -> None:
    shipped = StaticModel.from_pretrained(str(default_folder() / "encoder"))
    data = json.loads(shipped.tokenizer.to_str())
    pieces = sorted(data["model"]["vocab"].items(), key=lambda item: item[1])[:WORDS]
    data["model"]["vocab"] = dict(pieces)
    vectors = shipped.embedding[:WORDS, :DIMENSIONS].astype(np.float16)
    StaticModel(vectors, Tokenizer.from_str(json.dumps(data)), config={}).save_pretrained(str(folder))


if __name__ == "__main__":
    sys.exit(main())
