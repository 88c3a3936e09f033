"""P7: our full re-score over SQLite beside DuckDB's over its own table."""
import json
import os
import subprocess
import tempfile

from bench.figures import PROGRAMS, ROOT, Row, at_least, of, run_program

AS_OF = "2026-01-01"
ORDERS_PER_CUSTOMER = 10
DUCKDB = ROOT / "build/bench/node_modules/@duckdb/node-api/package.json"


def seed(database, customers, *more):
    """Makes the database; `more` are arguments of the program."""
    subprocess.run([PROGRAMS / "rfm_rescore_bench", "--customers", str(customers), "--database",
                    database, "--seed-only", *more], check=True, stdout=subprocess.DEVNULL)


def score(database, customers):
    return run_program("rfm_rescore_bench", "--customers", customers, "--database", database,
                       "--as-of", AS_OF)


def score_by_duckdb(folder, orders, ours):
    """Seconds; its scores must be ours."""
    table = f"{folder}/rival.duckdb"
    rival = json.loads(subprocess.run(
        ["node", str(ROOT / "bench/duckdb_rfm.mjs"), orders, AS_OF, str(ours["threads"]), table],
        check=True, capture_output=True, text=True, cwd=ROOT).stdout)
    os.unlink(table)
    if rival["cells"] != ours["cells"]:
        raise AssertionError("P7: DuckDB's scores differ from ours")
    return rival["seconds"]


def measure(options):
    """The whole run of the job, and of it what happens in memory."""
    customers = 1_000_000 if options.full else 100_000
    found, theirs = [], []
    with tempfile.TemporaryDirectory(prefix="clientele-p7-") as folder:
        database, orders = f"{folder}/segmentation.db", f"{folder}/orders.csv"
        seed(database, customers, "--dump", orders)
        for _ in range(options.rounds):
            found.append(score(database, customers))
            if DUCKDB.exists():
                theirs.append(score_by_duckdb(folder, orders, found[-1]))
    what = (f"RFM full re-score, {customers:,} customers, {customers * ORDERS_PER_CUSTOMER:,} "
            "orders, durable snapshot")
    rival = "DuckDB" if theirs else "DuckDB: missing (needs npm)"
    return [Row("P7", what, "s", of(found, "total_s"), rival, theirs, at_least(3), is_speedup=True),
            Row("P7", "of which cut points and scores in memory", "s", of(found, "score_s"))]
