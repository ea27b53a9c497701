"""Compares star with the CPython that runs this file, on random programs.

    cargo build --release -p star-testing
    python3.13 tests/random/compare.py FROM TO [--size N] [--keep FOLDER]

In: seeds. Out: the first lines in which the two differ, for each seed that differs. The programs come from
tests/support/src/generate; `target/release/random_programs SEED` shows one.
"""

import argparse
import contextlib
import io
import os
import signal
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "cases"))
import oracle  # noqa: E402

TARGET = Path(os.environ.get("CARGO_TARGET_DIR", HERE.parents[1] / "target"))
PROGRAMS = TARGET / "release" / "random_programs"


def cpython(path):
    """What the program prints, in the form of an .out file."""
    out = io.StringIO()
    signal.alarm(20)
    with contextlib.redirect_stdout(out):
        rest = oracle.run(path)
    signal.alarm(0)
    return out.getvalue() + rest


def difference(expected, found):
    old, new = expected.splitlines(), found.splitlines()
    at = next((i for i, (a, b) in enumerate(zip(old, new)) if a != b), min(len(old), len(new)))
    lines = [f"    after  {line}" for line in old[max(at - 1, 0) : at]]
    lines += [f"    CPython {line}" for line in old[at : at + 3]] or ["    CPython ended"]
    lines += [f"    star    {line}" for line in new[at : at + 3]] or ["    star ended"]
    if "Traceback (most recent call last):" in old[at : at + 1] + new[at : at + 1]:
        lines += [f"    CPython {old[-1]}", f"    star    {new[-1]}"]
    return "\n".join(line[:220] for line in lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("first", type=int)
    parser.add_argument("last", type=int)
    parser.add_argument("--size", type=int, default=12)
    parser.add_argument("--keep")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    same = different = 0
    with tempfile.TemporaryDirectory() as made:
        folder = Path(options.keep or made)
        folder.mkdir(exist_ok=True)
        command = [PROGRAMS, folder, str(options.first), str(options.last), str(options.size)]
        status = subprocess.run(command).returncode
        for seed in range(options.first, options.last):
            out = folder / f"{seed}.out"
            if not out.exists():
                print(f"seed {seed}: star ended with status {status}")
                different += 1
                break
            expected = cpython(folder / f"{seed}.star")
            found = out.read_bytes().decode()
            if expected == found:
                same += 1
            else:
                different += 1
                print(f"seed {seed}:\n{difference(expected, found)}")
    print(f"{same} equal, {different} different")
    sys.exit(different > 0)


if __name__ == "__main__":
    main()
