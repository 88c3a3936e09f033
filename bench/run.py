"""Runs the benchmarks and prints one table. See bench/run.sh for the arguments."""
import argparse
import json
import os
import pathlib
import re
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


def post(*arguments):
    """One run of ledger_bench."""
    return json.loads(subprocess.run([LEDGER, *map(str, arguments)], check=True,
                                     capture_output=True, text=True).stdout)


def rates(found):
    return [each["per_s"] for each in found]


def ratio_row(number, what, ours, what_beside, beside):
    """Postings a second beside other transactions a second, of the same rounds."""
    return {"id": number, "what": what, "ours": text(spread(ours), "/s"),
            "beside": f"{what_beside} {text(spread(beside), '/s')}",
            "ratio": text(spread([o / b for o, b in zip(ours, beside)]), "x"),
            "raw": {"ours": ours, "beside": beside}}


def ledger_on_sqlite(rounds):
    """P5: many postings a commit beside one posting a commit, of many members and of one."""
    alone, spread_out, alone_hot, hot, one, many = [], [], [], [], [], []
    for _ in range(rounds):
        alone.append(post("--callers", 0))
        spread_out.append(post("--callers", 4, "--batch", 500, "--postings", 40_000))
        alone_hot.append(post("--callers", 0, "--members", 1))
        hot.append(post("--callers", 4, "--batch", 500, "--members", 1, "--postings", 40_000))
        one.append(post("--callers", 1))
        many.append(post("--callers", 64, "--postings", 10_000))
    rows = [ratio_row("P5", "postings on SQLite, BatchPost of 500 by 4 callers, 1,000 members",
                      rates(spread_out), "a commit each", rates(alone)),
            ratio_row("P5", "the same on one member", rates(hot), "a commit each",
                      rates(alone_hot)),
            ratio_row("P5", "Redeem by 64 callers, 1,000 members", rates(many), "a commit each",
                      rates(alone))]
    for callers, found in ((1, one), (64, many)):
        for key in ("p50_ms", "p99_ms"):
            values = [each[key] for each in found]
            rows.append({"id": "ledger",
                         "what": f"Redeem over loopback gRPC on SQLite, {callers} caller"
                                 f"{'s' if callers > 1 else ''}, {key[:3]}",
                         "ours": text(spread(values), "ms"), "beside": "-", "ratio": "-",
                         "raw": {key: values}})
    return rows


def pgbench(server, *arguments):
    """Transactions a second of five seconds of pgbench with eight clients."""
    output = subprocess.run(
        ["pgbench", "-n", "-M", "prepared", "-c", "8", "-j", "2", "-T", "5", *arguments, "-h",
         server.folder, "-U", postgres.USER, postgres.DATABASE],
        check=True, capture_output=True, text=True).stdout
    return float(re.search(r"tps = ([0-9.]+)", output)[1])


def ledger_on_postgres(rounds):
    """P3 and P4: postings beside TPC-B, and those of one member beside updates of one row."""
    if not postgres.available():
        return [{"id": "P3", "what": "postings on PostgreSQL",
                 "ours": "not measured: needs postgresql-15", "beside": "-", "ratio": "-",
                 "raw": {}}]
    tpcb, batches, singles, updates, hot = [], [], [], [], []
    with postgres.PrivatePostgres() as server:
        subprocess.run(["pgbench", "-i", "-q", "-s", "50", "-h", server.folder, "-U",
                        postgres.USER, postgres.DATABASE], check=True, capture_output=True)
        script = pathlib.Path(server.folder, "one_row.sql")
        script.write_text("UPDATE pgbench_branches SET bbalance = bbalance + 1 WHERE bid = 1;\n",
                          encoding="utf-8")
        for _ in range(rounds):
            tpcb.append(pgbench(server))
            batches.append(post("--postgres", server.dsn, "--callers", 4, "--batch", 500,
                                "--postings", 40_000))
            singles.append(post("--postgres", server.dsn, "--callers", 256, "--postings", 20_000))
            updates.append(pgbench(server, "-f", str(script)))
            hot.append(post("--postgres", server.dsn, "--callers", 4, "--batch", 500,
                            "--members", 1, "--postings", 40_000))
    return [ratio_row("P3", "postings on PostgreSQL, BatchPost of 500 by 4 callers, 1,000 members",
                      rates(batches), "TPC-B", tpcb),
            ratio_row("P3", "Redeem by 256 callers, 1,000 members", rates(singles), "TPC-B", tpcb),
            ratio_row("P4", "BatchPost of 500 by 4 callers, one member", rates(hot),
                      "UPDATE of one row", updates)]


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
    rows += ledger_on_sqlite(options.rounds)
    rows += ledger_on_postgres(options.rounds)
    print(markdown(rows))
    results = ROOT / "build/bench/results.json"
    results.write_text(json.dumps(rows, indent=1) + "\n")
    if options.write:
        write_page(rows)


if __name__ == "__main__":
    sys.exit(main())
