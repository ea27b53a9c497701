"""Counts the instructions that star executes for the programs beside this file, and compares with counts.json.

    cargo build --release && python3 benches/instructions/count.py [--record] [--tolerance 3] [NAME…]

In: the release binary (under CARGO_TARGET_DIR or target) and valgrind; without valgrind it says "skipped" and succeeds.
Out: a table; status 1 if a program executes more instructions than recorded, by more than the tolerance in per cent.
Rule: start-up is counted apart. Unlike times, the counts are the same on a busy machine; they depend on the compiler, so
after a change of toolchain record them anew.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", HERE.parents[1] / "target"))
STAR = TARGET / "release" / "star"
RECORDED = HERE / "counts.json"
START_UP = "empty"


def count(program):
    command = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", STAR, "run", program]
    done = subprocess.run(command, capture_output=True, text=True)
    found = re.search(r"I\s+refs:\s+([\d,]+)", done.stderr)
    if done.returncode or not found:
        sys.exit(f"{program.name} failed:\n{done.stderr}")
    return int(found[1].replace(",", ""))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--tolerance", type=float, default=3)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    if not shutil.which("valgrind"):
        print("skipped: valgrind is not installed")
        return
    recorded = json.loads(RECORDED.read_text()) if RECORDED.exists() else {}
    start = count(HERE / f"{START_UP}.star")
    names = options.names or sorted(path.stem for path in HERE.glob("*.star"))
    found = {name: start if name == START_UP else count(HERE / f"{name}.star") - start for name in names}
    more = 0
    for name, now in found.items():
        before = recorded.get(name)
        change = (now / before - 1) * 100 if before else 0.0
        more += change > options.tolerance
        print(f"{name:16}{now:14,}{change:+9.2f} %{'  more than recorded' if change > options.tolerance else ''}")
    if options.record:
        RECORDED.write_text(json.dumps(recorded | found, indent=4, sort_keys=True) + "\n")
    else:
        sys.exit(more > 0)


if __name__ == "__main__":
    main()
