"""The API against its own description: requests that schemathesis makes, valid and not."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings

from tests.desk import served

pytest.importorskip("fastapi")
schemathesis = pytest.importorskip("schemathesis")
from schemathesis.specs.openapi.checks import positive_data_acceptance  # noqa: E402

STATE = ["/health", "/ready", "/version", "/metrics"]
QUESTIONS = ["/api/v1/compare", "/api/v1/screen", "/api/v1/trace"]


@pytest.fixture(scope="module")
def operations():
    with served("--workers", "2", "--timeout", "120") as desk:
        schema = schemathesis.openapi.from_url(desk.address + "openapi.json")
        found = [result.ok() for result in schema.get_all_operations()]
        yield {operation.path: operation for operation in found}


def answers_as_described(operation, mode, examples):
    """The default checks: no server error, and status, type, headers and body as the description says."""

    @settings(
        max_examples=examples, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case):
        # A multipart body may be as described and still hold a picture.
        files = case.media_type == "multipart/form-data"
        without = [positive_data_acceptance] if files else []
        if mode is schemathesis.GenerationMode.NEGATIVE:
            # Any bytes are a file: what is no "binary" in a form is no error, though it counts as one here.
            assume(case.media_type != "multipart/form-data")
        statuses.append(case.call_and_validate(timeout=180, excluded_checks=without).status_code)

    statuses: list[int] = []
    check()
    return set(statuses)


def test_all_operations_are_tried(operations):
    assert set(operations) == {*STATE, *QUESTIONS}


@pytest.mark.parametrize("path", STATE)
def test_states(operations, path):
    assert answers_as_described(operations[path], schemathesis.GenerationMode.POSITIVE, 1) == {200}


@pytest.mark.parametrize("path", QUESTIONS)
def test_questions_as_described(operations, path):
    statuses = answers_as_described(operations[path], schemathesis.GenerationMode.POSITIVE, 60)
    assert statuses <= ({409} if path.endswith("trace") else {200, 422})


@pytest.mark.parametrize("path", QUESTIONS)
def test_questions_not_as_described(operations, path):
    statuses = answers_as_described(operations[path], schemathesis.GenerationMode.NEGATIVE, 100)
    assert statuses <= ({409} if path.endswith("trace") else {400, 413, 415, 422})
