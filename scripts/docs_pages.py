"""Pages of the site that are made from the code, so that they cannot fall behind it; a hook of mkdocs (see mkdocs.yml).

The command line's reference comes from the commands themselves, that of the JSON from its schemas; figures, the model card, the
datasheet and the changelog are files of the repository.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import typer

ROOT = Path(__file__).resolve().parents[1]
KINDS = {int: "INTEGER", float: "NUMBER", str: "TEXT", Path: "PATH"}
SCHEMAS = ("comparison", "trace")
PLACES = {
    "docs/experiments.md": "../experiments.md",
    "docs/architecture.md": "../architecture.md",
    "data/README.md": "stories.md",
}
"""Where files of the repository are on the site, as seen from explanation/."""


def on_files(files: Any, config: Any) -> Any:
    """Add the pages; called by mkdocs."""
    from mkdocs.structure.files import File

    for uri, content in PAGES.items():
        files.append(File.generated(config, uri, content=content()))
    icon = (ROOT / "spindetect/web/static/icon.svg").read_text("utf-8")
    files.append(File.generated(config, "assets/icon.svg", content=icon))
    return files


def command_line() -> str:
    """Every command with its arguments and options, as `--help` knows them."""
    from spindetect.cli.app import app

    root = typer.main.get_command(app)
    lines = ["# Command line", "", _prose(root.help), "", "Made from the commands themselves; `--help` says the same.", ""]
    lines += ["Exit codes: 0 whatever the verdict; 2 for unusable input (one line on standard error); 130 when stopped.", ""]
    for name, command in _commands(root):
        lines += [f"## {name}", "", *_command(name, command)]
    return "\n".join(lines)


def _commands(group: Any, path: str = "spindetect") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def _command(name: str, command: Any) -> Iterator[str]:
    arguments = [item for item in command.params if item.param_type_name == "argument"]
    options = [item for item in command.params if item.param_type_name == "option"]
    yield from ("```text", " ".join([name, "[OPTIONS]", *(_metavar(item) for item in arguments)]), "```", "")
    text, _, example = command.help.partition("Example: ")
    yield from (_prose(text), "")
    if example:
        yield from ('```sh title="Example"', example.strip(), "```", "")
    yield from ("| argument or option | what it is |", "|---|---|")
    for item in arguments:
        yield f"| `{_metavar(item)}` | {_cell(item.help)} |"
    for item in options:
        name_and_value = ", ".join(item.opts) + ("" if item.is_flag else f" {_metavar(item)}")
        default = "" if item.default in (None, False) or item.required else f" Default: `{item.default}`."
        yield f"| `{name_and_value}` | {_cell(item.help)}{' Required.' if item.required else default} |"
    yield ""


def _metavar(item: Any) -> str:
    if item.metavar or item.param_type_name == "argument":
        return str(item.metavar or item.name.upper())
    return KINDS.get(item.type_descriptor.annotation, "VALUE")


def _prose(text: str | None) -> str:
    """Help as Markdown: what looks like a tag is shown as it is."""
    return re.sub(r"\s*\n(?!\n)\s*", " ", (text or "").strip()).replace("  ", "\n\n").replace("<", "&lt;").replace("{", "&#123;")


def _cell(text: str | None) -> str:
    return _prose(text).replace("\n", " ").replace("|", "\\|")


def json_reference() -> str:
    """The schemas as tables."""
    lines = ["# JSON", "", "What programs get, from the command line with `--json`, from `to_dict()` and from the desk.", ""]
    lines += ["A share is a number from 0 to 1; a span is `[start, end]`, two offsets in characters, the end not included.", ""]
    for name in SCHEMAS:
        schema = json.loads((ROOT / f"docs/{name}.schema.json").read_text("utf-8"))
        lines += [
            f"## {schema['title']}",
            "",
            f"{schema['description']} The schema: [{name}.schema.json](../{name}.schema.json).",
            "",
        ]
        lines += ["| field | type | meaning |", "|---|---|---|", *_fields(schema, ""), ""]
        for definition, part in schema.get("$defs", {}).items():
            if "properties" in part:
                lines += [f"### {definition}", "", "| field | type | meaning |", "|---|---|---|", *_fields(part, ""), ""]
    return "\n".join(lines)


def _fields(schema: dict[str, Any], prefix: str) -> Iterator[str]:
    required = schema.get("required", [])
    for name, part in schema.get("properties", {}).items():
        note = "" if name in required else " (not always there)"
        yield f"| `{prefix}{name}` | {_type(part)} | {_cell(part.get('description'))}{note} |"
        if part.get("type") == "object":
            yield from _fields(part, f"{prefix}{name}.")
        elif part.get("type") == "array" and part.get("items"):
            yield from _fields(part["items"], f"{prefix}{name}[].")


def _type(part: dict[str, Any]) -> str:
    if "enum" in part:
        return ", ".join(f"`{json.dumps(value)}`" for value in part["enum"])
    if "$ref" in part:
        return str(part["$ref"].rsplit("/", 1)[-1])
    if "anyOf" in part or "oneOf" in part:
        return " or ".join(_type(item) for item in part.get("anyOf", part.get("oneOf", [])))
    kind = part.get("type", "any")
    if "prefixItems" in part:
        return f"[{', '.join(_type(item) for item in part['prefixItems'])}]"
    if kind == "array" and part.get("items"):
        return f"list of {_type(part['items'])}"
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


def figures() -> str:
    """The README's figures."""
    readme = (ROOT / "README.md").read_text("utf-8")
    section = readme[readme.index("## Figures") : readme.index("## Limits and misuse")]
    return _moved("# Figures" + section.removeprefix("## Figures"))


def _moved(text: str) -> str:
    for path, place in PLACES.items():
        text = text.replace(f"]({path})", f"]({place})")
    return text


def _copied(*paths: str) -> Callable[[], str]:
    return lambda: _moved("\n\n".join((ROOT / path).read_text("utf-8") for path in paths))


PAGES: dict[str, Callable[[], str]] = {
    "reference/command-line.md": command_line,
    "reference/json.md": json_reference,
    "reference/model.md": _copied("models/default/README.md"),
    "explanation/figures.md": figures,
    "explanation/stories.md": _copied("data/README.md"),
    "changes.md": _copied("CHANGELOG.md"),
}
