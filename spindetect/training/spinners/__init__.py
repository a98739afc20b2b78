"""Simulated spinners: families that differ in lexicon and method, each with a strength, a seed and the exact truth."""

from spindetect.training.spinners.draft import SpunText, Substitution
from spindetect.training.spinners.families import FAMILIES, spin

__all__ = ["FAMILIES", "SpunText", "Substitution", "spin"]
