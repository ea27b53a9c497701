"""Shrinks a program in which star and CPython differ.

    python3.13 tests/random/reduce.py FILE.star TEXT > SMALLER.star

The smaller program still differs, with TEXT in the first line that star prints differently. Lines go with the blocks
they open; what is left is usually a dozen lines.
"""

import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

from compare import PROGRAMS, cpython


def star(path):
    done = subprocess.run([PROGRAMS, "--run", path], capture_output=True, timeout=20)
    return done.stdout.decode(errors="replace") + (f"\npanicked {done.stderr}" if done.returncode else "")


def differs(lines, text, path):
    path.write_text("\n".join(lines) + "\n")
    try:
        expected = cpython(path)
    except Exception:
        return False
    if expected.startswith("--- stderr\nSyntaxError"):
        return False
    found = star(path)
    pairs = zip(found.splitlines(), expected.splitlines() + [""] * 1000)
    first = next((new for new, old in pairs if new != old), "")
    return text in first


def block_end(lines, at):
    """The line after the block that the line opens."""
    indent = len(lines[at]) - len(lines[at].lstrip())
    end = at + 1
    while end < len(lines) and len(lines[end]) - len(lines[end].lstrip()) > indent:
        end += 1
    return end


def candidates(lines):
    for size in (len(lines) // 2, len(lines) // 4, len(lines) // 8):
        for at in range(0, len(lines), max(size, 1)):
            yield lines[:at] + lines[at + size :]
    for at in reversed(range(len(lines))):
        end = block_end(lines, at)
        yield lines[:at] + lines[end:]
        if end > at + 1:
            yield lines[:at] + [line[4:] for line in lines[at + 1 : end]] + lines[end:]
        if lines[at].strip() != "pass":
            yield lines[:at] + [lines[at][: len(lines[at]) - len(lines[at].lstrip())] + "pass"] + lines[end:]


def main():
    warnings.simplefilter("ignore")
    lines = Path(sys.argv[1]).read_text().splitlines()
    text = sys.argv[2]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "program.star"
        if not differs(lines, text, path):
            sys.exit("it does not differ that way")
        smaller = True
        while smaller:
            smaller = False
            for candidate in candidates(lines):
                if len("\n".join(candidate)) < len("\n".join(lines)) and differs(candidate, text, path):
                    lines, smaller = candidate, True
                    break
    print("\n".join(lines))


if __name__ == "__main__":
    main()
