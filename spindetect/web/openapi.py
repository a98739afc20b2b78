"""What OpenAPI says beyond the types: two kinds of body, examples, every refusal."""

from __future__ import annotations

from typing import Any

from spindetect.web.examples import example_texts
from spindetect.web.problems import CODES
from spindetect.web.schemas import REQUESTS, ErrorResponse
from spindetect.web.settings import Settings
from spindetect.web.work import FIELDS, Question

DESCRIPTION = """Tells whether an article is a spun copy of another: the same text with its words swapped for synonyms or pushed
through a paraphrasing tool. Send JSON, or files (text, HTML, PDF, Word) as multipart/form-data; with `Accept: text/html` the
answer is the evidence as one self-contained page. A score is evidence, not proof."""

_MEANINGS = {
    400: "The body is not what its type says",
    401: "A token is needed",
    403: "Asked by a page of another site",
    408: "The body took too long to arrive",
    409: "No archive is configured",
    413: "The body is too large",
    415: "Neither JSON nor multipart",
    421: "Asked under a name that is not this server's",
    422: "A field is missing, of another type or too long, or a file cannot be read",
    501: "An optional part is not installed",
    503: "Busy: try again after Retry-After seconds",
    504: "It took too long and was stopped",
}
_SAMPLES = {"suspect": "spun", "original": "original", "text": "spun"}


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Descriptions of the error responses, each with an example."""
    found: dict[int | str, dict[str, Any]] = {}
    for status in statuses:
        example = {"error": {"code": CODES[status], "message": f"{_MEANINGS[status].lower()}: what to do about it"}}
        found[status] = {
            "model": ErrorResponse,
            "description": _MEANINGS[status],
            "content": {"application/json": {"example": example}},
        }
        if status == 503:
            found[status]["headers"] = {"Retry-After": {"description": "seconds", "schema": {"type": "integer"}}}
    return found


def question_openapi(question: Question, settings: Settings) -> dict[str, Any]:
    """The body of a question, its limits and examples, and whether it needs a token."""
    fields = FIELDS[question]
    schema = REQUESTS[question].model_json_schema()
    for field in schema["properties"].values():
        field["maxLength"] = settings.limits.text_characters
    upload = {"type": "string", "format": "binary", "description": "A file (.txt, .md, .html, .pdf, .docx), or a text."}
    form = {"type": "object", "required": list(fields), "properties": dict.fromkeys(fields, upload)}
    texts = example_texts()
    example = {name: texts.get(_SAMPLES[name], "The council voted on Monday ...") for name in fields}
    extra: dict[str, Any] = {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": schema, "examples": {"articles": {"value": example}}},
                "multipart/form-data": {"schema": form | {"additionalProperties": False}},
            },
        },
    }
    if settings.tokens:
        extra["security"] = [{"bearer": []}]
    return extra
