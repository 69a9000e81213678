"""Write what the samples of some formats become now: `python -m tests.formats.write squid` (no name: all). Read the difference before you keep it."""

import sys

from tests.formats.reading import became, expected_of, samples, written


def main(wanted: list[str]) -> None:
    for sample in samples():
        if not wanted or sample.parent.name in wanted:
            expected_of(sample).write_text(written(became(sample)), encoding="utf-8")
            sys.stdout.write(f"{expected_of(sample)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
