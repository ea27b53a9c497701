"""Which public names CPython's modules have, and which of them star's have.

    python3.13 tests/modules/coverage.py              write coverage.toml
    python3.13 tests/modules/coverage.py --check      compare it
    python3.13 tests/modules/coverage.py MODULE...    add sections for these

In: `coverage.toml`, whose tables `left_out` (name = "reason") and lists `more`
(names that are star's own, and attributes that CPython sets on each object
only) are written by hand. Out: the same with each `present` filled in: every
public name of the module that is not left out. A name that CPython has not is
an error. A type that is left out is so with its members.
"""

import importlib
import inspect
import sys
import tomllib
from pathlib import Path

FILE = Path(__file__).resolve().parent / "coverage.toml"
WIDTH = 118


def public_names(module):
    """The names of a module, and `Type.member` for those of its types."""
    names = set()
    own = getattr(module, "__all__", None)
    for name in own if own is not None else vars(module):
        value = getattr(module, name)
        if own is None and (name.startswith("_") or inspect.ismodule(value)):
            continue
        borrowed = inspect.isfunction(value) or inspect.isclass(value)
        if own is None and borrowed and value.__module__ != module.__name__:
            continue
        names.add(name)
        if isinstance(value, type) and not issubclass(value, BaseException):
            if value.__module__ != "builtins":
                names.update(f"{name}.{member}" for member in members(value))
    return names


def members(cls):
    """Public members of a type and of its bases that are no built-in types."""
    bases = [base for base in cls.__mro__ if base.__module__ != "builtins"]
    return {name for base in bases for name in vars(base) if not name.startswith("_")}


def section(name, old):
    """The section of a module, made anew."""
    names = public_names(importlib.import_module(name))
    left_out = old.get("left_out", {})
    if unknown := sorted(set(left_out) - names):
        sys.exit(f"{name}: CPython has no {', '.join(unknown)}")
    present = {n for n in names if n not in left_out and n.partition(".")[0] not in left_out}
    return {"present": sorted(present), "more": sorted(old.get("more", [])), "left_out": left_out}


def text_of(sections):
    lines = ["# Written by coverage.py; `more` and `left_out` are kept as they are.", ""]
    for name, content in sorted(sections.items()):
        table = f'"{name}"' if "." in name else name
        lines.append(f"[{table}]")
        for key in ("present", "more"):
            if content[key] or key == "present":
                lines += [f"{key} = [", *wrapped(content[key]), "]"]
        lines.append("")
        if content["left_out"]:
            lines.append(f"[{table}.left_out]")
            for left, reason in sorted(content["left_out"].items()):
                lines.append(f'{quoted(left) if "." in left else left} = {quoted(reason)}')
            lines.append("")
    return "\n".join(lines[:-1]) + "\n"


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def wrapped(names):
    line = ""
    for name in names:
        item = f'"{name}",'
        if line and len(line) + len(item) > WIDTH - 5:
            yield f"    {line}"
            line = ""
        line = f"{line} {item}".strip()
    if line:
        yield f"    {line}"


def main():
    arguments = sys.argv[1:]
    check = "--check" in arguments
    old_text = FILE.read_text() if FILE.exists() else ""
    old = tomllib.loads(old_text)
    for name in arguments:
        if not name.startswith("-"):
            old.setdefault(name, {})
    text = text_of({name: section(name, content) for name, content in old.items()})
    if not check:
        FILE.write_text(text)
    elif text != old_text:
        sys.exit("coverage.toml is not what coverage.py would write")


if __name__ == "__main__":
    main()
