"""Runs the benchmarks and prints one table. See bench/run.sh for the arguments."""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import unittest

from bench import postgres_copy
from tests.support import postgres, suite

ROOT = pathlib.Path(__file__).resolve().parents[1]
RESCORE = ROOT / "build/release/bench/rfm_rescore_bench"
LEDGER = ROOT / "build/release/bench/ledger_bench"
AS_OF = "2026-01-01"
ORDERS_PER_CUSTOMER = 10
# A million orders of a million customers on a slow disk.
IMPORT_SECONDS_MAX = 1800


def spread(values):
    """min / median / max."""
    return {"min": min(values), "median": statistics.median(values), "max": max(values)}


def text(values, unit):
    return (f"{values['median']:.2f} {unit} "
            f"({values['min']:.2f}-{values['max']:.2f})")


def rescore(customers, rounds):
    """P7: our full re-score over SQLite beside DuckDB's over its own table."""
    ours, kernel, theirs = [], [], []
    has_duckdb = (ROOT / "build/bench/node_modules/@duckdb/node-api/package.json").exists()
    with tempfile.TemporaryDirectory(prefix="clientele-p7-") as folder:
        database, orders = f"{folder}/segmentation.db", f"{folder}/orders.csv"
        subprocess.run([RESCORE, "--customers", str(customers), "--database", database,
                        "--seed-only", "--dump", orders], check=True, stdout=subprocess.DEVNULL)
        for number in range(rounds):
            mine = json.loads(subprocess.run(
                [RESCORE, "--customers", str(customers), "--database", database, "--as-of", AS_OF],
                check=True, capture_output=True, text=True).stdout)
            ours.append(mine["total_s"])
            kernel.append(mine["score_s"])
            if not has_duckdb:
                continue
            rival = json.loads(subprocess.run(
                ["node", str(ROOT / "bench/duckdb_rfm.mjs"), orders, AS_OF, str(mine["threads"]),
                 f"{folder}/{number}.duckdb"],
                check=True, capture_output=True, text=True, cwd=ROOT).stdout)
            os.unlink(f"{folder}/{number}.duckdb")
            theirs.append(rival["seconds"])
            if rival["cells"] != mine["cells"]:
                raise AssertionError("P7: DuckDB's scores differ from ours")
    row = {"id": "P7", "what": f"RFM full re-score, {customers:,} customers, "
                               f"{customers * ORDERS_PER_CUSTOMER:,} orders, durable snapshot",
           "ours": text(spread(ours), "s"), "beside": "DuckDB: missing (needs npm)", "ratio": "-",
           "raw": {"ours": ours, "kernel": kernel, "duckdb": theirs}}
    scoring = {"id": "P7", "what": "of which cut points and scores in memory",
               "ours": text(spread(kernel), "s"), "beside": "-", "ratio": "-", "raw": {}}
    if theirs:
        row["beside"] = "DuckDB " + text(spread(theirs), "s")
        row["ratio"] = text(spread([t / o for t, o in zip(theirs, ours)]), "x")
    return [row, scoring]


def import_beside_copy(rounds):
    """P10: import until every consumer has caught up, beside COPY of the same rows into a bare table."""
    try:
        path = suite.data_file("online-retail/online_retail.csv.gz")
    except unittest.SkipTest as missing:
        return [{"id": "P10", "what": "purchase import", "ours": f"not measured: {missing}",
                 "beside": "-", "ratio": "-", "raw": {}}]
    ours, theirs, peaks = [], [], []

    def import_once():
        with suite.Suite() as s:
            started = time.monotonic()
            s.run("import", "purchases", "--format", "online-retail", path)
            s.wait_caught_up()
            s.wait_caught_up(service="loyalty")
            ours.append(time.monotonic() - started)
            peaks.append(s.peak_resident_mb())

    if postgres.available():
        with postgres.PrivatePostgres() as server:
            for _ in range(rounds):
                import_once()
                theirs.append(postgres_copy.copy_seconds(server, path))
    else:
        for _ in range(rounds):
            import_once()
    row = {"id": "P10", "what": "Online Retail, 541,909 rows: import until segmentation and loyalty "
                                f"have caught up (peak {max(peaks):.0f} MB resident)",
           "ours": text(spread(ours), "s"), "beside": "COPY: missing (needs postgresql-15)",
           "ratio": "-", "raw": {"ours": ours, "copy": theirs, "peak_mb": peaks}}
    if theirs:
        row["beside"] = "COPY into a bare table " + text(spread(theirs), "s")
        row["ratio"] = text(spread([t / o for t, o in zip(theirs, ours)]), "x")
    return [row]


def cold_start(customers, rounds):
    """P14: from exec to the ready line with that many customers in both databases."""
    seconds = []
    with tempfile.TemporaryDirectory(prefix="clientele-p14-") as folder:
        orders = f"{folder}/orders.csv"
        with open(orders, "w", encoding="utf-8") as file:
            file.write("order_number,customer,occur_time,currency,sku,category,quantity,"
                       "unit_price\n")
            for i in range(customers):
                file.write(f"o-{i},c-{i:07},2025-06-01,EUR,sku-{i % 500},things,1,9.99\n")
        with suite.Suite(data_dir=folder) as s:
            s.run("import", "purchases", "--format", "csv", orders, timeout=IMPORT_SECONDS_MAX)
            s.wait_caught_up(IMPORT_SECONDS_MAX)
            s.stop()
            for _ in range(rounds):
                started = time.monotonic()
                s.start()
                seconds.append(time.monotonic() - started)
                s.stop()
    return [{"id": "P14", "what": f"cold start to ready, {customers:,} customers",
             "ours": text(spread(seconds), "s"), "beside": "-", "ratio": "-",
             "raw": {"ours": seconds}}]


def markdown(rows):
    lines = ["| # | what | ours: median (min-max) | beside | ratio |", "|---|---|---|---|---|"]
    lines += [f"| {r['id']} | {r['what']} | {r['ours']} | {r['beside']} | {r['ratio']} |"
              for r in rows]
    return "\n".join(lines) + "\n"


def write_page(rows):
    """Replaces the table between the markers of docs/performance.md."""
    page = ROOT / "docs/performance.md"
    before, rest = page.read_text().split("<!-- table -->\n", 1)
    after = rest.split("<!-- end of table -->", 1)[1]
    page.write_text(f"{before}<!-- table -->\n{markdown(rows)}<!-- end of table -->{after}")


def ledger(rounds):
    """The ledger's first figures: no rival yet, they are P3's and P5's starting point."""
    found = [json.loads(subprocess.run([LEDGER], check=True, capture_output=True, text=True).stdout)
             for _ in range(rounds)]

    def row(what, key, unit):
        values = [each[key] for each in found]
        return {"id": "ledger", "what": what, "ours": text(spread(values), unit), "beside": "-",
                "ratio": "-", "raw": {key: values}}

    return [row("points postings on SQLite, one durable commit each", "postings_per_s", "/s"),
            row("Redeem over loopback gRPC, 1 caller, p50", "redeem_1_p50_ms", "ms"),
            row("Redeem over loopback gRPC, 1 caller, p99", "redeem_1_p99_ms", "ms"),
            row("Redeem over loopback gRPC, 64 callers, p50", "redeem_64_p50_ms", "ms"),
            row("Redeem over loopback gRPC, 64 callers, p99", "redeem_64_p99_ms", "ms"),
            row("Redeem over loopback gRPC, 64 callers", "redeem_64_per_s", "/s")]


def main():
    parser = argparse.ArgumentParser(prog="bench/run.sh")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")
    customers = 1_000_000 if options.full else 100_000
    rows = rescore(customers, options.rounds)
    rows += import_beside_copy(options.rounds)
    rows += cold_start(customers, options.rounds)
    rows += ledger(options.rounds)
    print(markdown(rows))
    results = ROOT / "build/bench/results.json"
    results.write_text(json.dumps(rows, indent=1) + "\n")
    if options.write:
        write_page(rows)


if __name__ == "__main__":
    sys.exit(main())
