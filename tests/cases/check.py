"""Compares every case with the CPython that runs this file.

    python3.13 tests/cases/check.py [PATH...]          compare
    python3.13 tests/cases/check.py --bless [PATH...]  write the .out files

PATH is a case, a folder or an .out file; without one, all folders of
tests/cases and tests/modules are meant.
`refused/` and `star_*` are skipped: CPython accepts what star refuses there,
and has not what is only star's.
"""

import difflib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDERS = [HERE, HERE.parent / "modules"]
SKIPPED = {"refused"}
TIMEOUT_SECONDS = 20


def cases(paths):
    """The .star files below the paths, sorted."""
    found = set()
    for path in map(Path, paths or FOLDERS):
        path = path.resolve()
        if path.is_dir():
            found.update(path.rglob("*.star"))
        else:
            found.add(path.with_suffix(".star"))
    found = [f for f in found if not f.name.startswith("star_")]
    return sorted(f for f in found if not SKIPPED.intersection(f.relative_to(HERE.parent).parts))


def run(case):
    """The case's output under CPython, or an error about the case itself."""
    command = [sys.executable, "-I", "-S", HERE / "oracle.py", case]
    try:
        done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired:
        return None, f"no end within {TIMEOUT_SECONDS} s"
    if done.returncode != 0 or done.stderr:
        return None, done.stderr.decode(errors="replace")
    output = done.stdout.decode()
    before, _, _ = output.partition("--- stderr\n")
    if before and not before.endswith("\n"):
        return None, "standard output does not end with a newline"
    if not output:
        return None, "no output"
    return output, None


def difference(case, expected, output):
    lines = difflib.unified_diff(
        expected.splitlines(), output.splitlines(), "expected", "CPython", lineterm="", n=1
    )
    return "\n".join(["", *lines])


def main():
    arguments = sys.argv[1:]
    bless = "--bless" in arguments
    chosen = cases([a for a in arguments if a != "--bless"])
    passed = failed = 0
    with ThreadPoolExecutor(2) as pool:
        for case, (output, problem) in zip(chosen, pool.map(run, chosen)):
            out = case.with_suffix(".out")
            if problem is None and bless:
                out.write_bytes(output.encode())
            elif problem is None and not out.exists():
                problem = "no .out file; write it with --bless"
            elif problem is None and (expected := out.read_bytes().decode()) != output:
                problem = difference(case, expected, output)
            if problem is None:
                passed += 1
            else:
                failed += 1
                print(f"FAILED {case.relative_to(HERE.parent)}: {problem}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
