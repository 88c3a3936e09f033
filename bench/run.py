"""Runs the benchmarks and prints one table. See bench/run.sh for the arguments."""
import argparse
import json
import sys

from bench import database, figures, growth, scaling
from bench.rows import cache, feed, imports, ledger, rescore, security, start

# Each answers rows; in the order of the table.
SUBJECTS = {"cache": cache.measure, "security": security.measure,
            "postgres": ledger.on_postgres, "sqlite": ledger.on_sqlite, "feed": feed.measure,
            "rescore": rescore.measure, "import": imports.measure, "start": start.measure}


def parse_arguments():
    parser = argparse.ArgumentParser(prog="bench/run.sh")
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=SUBJECTS, action="append")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")
    if options.growth and not database.available():
        parser.error("--growth needs PostgreSQL: scripts/setup.sh build")
    if options.growth and (options.full or options.only):
        parser.error("--growth is a run of its own")
    if options.write and options.only:
        parser.error("--write takes a whole run")
    return options


def main():
    options = parse_arguments()
    if options.growth:
        growth.run(options)
        return
    rows = []
    for name, measure in SUBJECTS.items():
        if options.only is None or name in options.only:
            rows += measure(options)
    print(figures.markdown(rows))
    results = figures.ROOT / "build/bench/results.json"
    results.parent.mkdir(parents=True, exist_ok=True)
    results.write_text(json.dumps([row.as_json() for row in rows], indent=1) + "\n")
    if options.write:
        figures.replace_between(figures.ROOT / "docs/performance.md", "table",
                                figures.markdown(rows))
        scaling.write()


if __name__ == "__main__":
    sys.exit(main())
