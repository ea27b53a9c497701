"""Makes the seed corpus of the fuzz targets out of the language cases.

    python3 fuzz/seeds.py [FOLDER]    FOLDER (fuzz/corpus) gets a folder of inputs for each target

In: tests/cases. Out: inputs of at most 4,000 bytes. Rule: the first bytes say how the rest arrives, as
tests/support/src/fuzz.rs reads them; a case gets two settings, which follow from its place in the list.
"""

import random
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
HEADS = {"chunked_source": 2, "split_anywhere": 1, "limits": 2}
LONGEST = 4000


def main():
    corpus = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "corpus"
    for target, head in HEADS.items():
        (corpus / target).mkdir(parents=True, exist_ok=True)
        # `memory` holds programs that are large on purpose: they only slow a fuzzer down.
        cases = sorted(case for case in (HERE.parent / "tests/cases").glob("*/*.star") if case.parent.name != "memory")
        for at, case in enumerate(cases):
            source = case.read_bytes()
            for setting in range(2):
                chance = random.Random(2 * at + setting)
                data = chance.randbytes(head) + source
                if len(data) <= LONGEST:
                    (corpus / target / f"{case.parent.name}-{case.stem}-{setting}").write_bytes(data)
    # `programs` reads its input as a source of chances.
    (corpus / "programs").mkdir(exist_ok=True)
    for seed in range(300):
        (corpus / "programs" / f"chances-{seed}").write_bytes(random.Random(seed).randbytes(LONGEST))


if __name__ == "__main__":
    main()
