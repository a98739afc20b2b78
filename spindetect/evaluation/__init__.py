"""Measuring: rates with intervals, protocols, baselines, reports."""
