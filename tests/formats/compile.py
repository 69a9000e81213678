"""Compile the loops over bytes once, as a new checkout has none: `python -m tests.formats.compile`.

The machine code is kept beside the modules (`discovery.compiled`). Otherwise every worker of the tests would make its own at the same time, and
under coverage, where that takes twice as long.
"""

from discovery.pipeline import read_log
from tests.formats.reading import MADE, WRITTEN, samples


def main() -> None:
    for sample in {one.parent: one for one in samples() if one.suffix not in MADE}.values():
        read_log(sample, format_id=sample.parent.name, reference=WRITTEN, key="to compare lines")


if __name__ == "__main__":
    main()
