"""Classifier heads as skops files: only listed types are read, and none of them runs code of the file's choosing. No pickle."""

from __future__ import annotations

import re
import sys
import warnings
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from spindetect.errors import BundleError

# scikit-learn types that skops does not trust by itself; none of them runs code of the file's choosing.
_TRUSTED = frozenset(
    {
        "sklearn._loss._loss.CyHalfBinomialLoss",
        "sklearn._loss._loss.CyHalfMultinomialLoss",
        "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
        "sklearn.tree._tree.Tree",
        "sklearn.utils._bunch.Bunch",
        "sklearn.calibration._CalibratedClassifier",
        "sklearn.calibration._SigmoidCalibration",
        "sklearn.calibration._TemperatureScaling",
    }
)
SCIKIT_LEARN = ((1, 7), (1, 9))
"""First and last releases of scikit-learn with which the heads are known to give the same answers (`make test-lowest`)."""
_TORCH_SHIM = "sklearn.externals.array_api_compat.torch"


def save_head(head: Any, path: Path) -> None:
    """Write a classifier."""
    _import_skops().dump(head, path, compression=zipfile.ZIP_DEFLATED, compresslevel=9)


def load_head(path: Path, inputs: int) -> Any:
    """Read a classifier of so many features.

    Raises:
        BundleError: damaged, of types that are not allowed, or another classifier.
    """
    skops_io = _import_skops()
    from sklearn.exceptions import InconsistentVersionWarning
    from skops.io.exceptions import UntrustedTypesFoundException

    try:
        with warnings.catch_warnings():
            # One for every part of every head; what is tested is silent, and what is not has been told in one line.
            warnings.simplefilter("ignore", InconsistentVersionWarning)
            head = skops_io.load(path, trusted=sorted(_TRUSTED))
        if not callable(getattr(head, "predict_proba", None)) or getattr(head, "n_features_in_", None) != inputs:
            raise BundleError(f"{path} holds no classifier of {inputs} features: reinstall or retrain the model")
        return head
    except BundleError:
        raise
    except UntrustedTypesFoundException as error:
        unknown = set(skops_io.get_untrusted_types(file=path)) - _TRUSTED
        raise BundleError(f"{path} holds types that are not allowed ({min(unknown)}): do not use this bundle") from error
    except Exception as error:  # skops raises many kinds on damaged files
        remedy = "reinstall or retrain the model" if _tested_scikit_learn() else f"install scikit-learn {_span()}, or retrain"
        raise BundleError(f"{path} cannot be read ({type(error).__name__}): {remedy}") from error


def _tested_scikit_learn() -> bool:
    first, last = SCIKIT_LEARN
    return first <= tuple(int(part) for part in re.findall(r"\d+", version("scikit-learn"))[:2]) <= last


def _span() -> str:
    return " to ".join(".".join(map(str, release)) for release in SCIKIT_LEARN)


def warn_of_untested_scikit_learn() -> None:
    """To be called by what loads a bundle for the user: the warning names its caller's caller."""
    if not _tested_scikit_learn():
        warnings.warn(
            f"models are tested with scikit-learn {_span()}, and {version('scikit-learn')} is installed: answers may differ",
            stacklevel=4,
        )


def _import_skops() -> Any:
    """Import skops.io without torch.

    skops lists all scikit-learn estimators on import, and that walk imports scikit-learn's torch shim, and so torch,
    where torch is installed: a second of start-up for nothing. A None in sys.modules makes the walk pass over it.
    """
    if _TORCH_SHIM in sys.modules or "skops.io" in sys.modules:
        import skops.io

        return skops.io
    sys.modules[_TORCH_SHIM] = None  # type: ignore[assignment]
    try:
        import skops.io
    finally:
        del sys.modules[_TORCH_SHIM]
    return skops.io
