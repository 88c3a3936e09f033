#!/usr/bin/env python3
"""Writes what a release leaves in its databases, as the fixture of tests/e2e/upgrade_test.py.

Usage: dump_release.py CLIENTELE RELEASE OUT

CLIENTELE is the release's own `clientele`, RELEASE what to call it, its commit. It fills a suite on
SQLite (a small made-up business, points, a complaint, a run), stops it and writes every table's
columns and rows as JSON, the history of migrations among them, and what the release answers to reads.
"""
import contextlib
import gzip
import json
import os
import pathlib
import sqlite3
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from tests.support import suite  # noqa: E402

CUSTOMERS = "12"
# Points expire by business time, so the test runs on the same day.
SUITE = ("--program-currency", "EUR", "--business-time", "2026-01-01T12:00:00Z")
READS = ("clientele.profile.v1.CustomerService/GetCustomer",
         "clientele.profile.v1.PurchaseService/ListPurchases",
         "clientele.segmentation.v1.RfmService/GetScore",
         "clientele.loyalty.v1.LedgerService/GetBalance",
         "clientele.loyalty.v1.LedgerService/ListEntries",
         "clientele.loyalty.v1.LedgerService/ListLots",
         "clientele.complaints.v1.ComplaintService/ListComplaints")
SERVICES = ("profile", "segmentation", "loyalty", "complaints")


def fill(s, folder):
    """Something in every part of every service."""
    suite.run_cli("generate", "--customers", CUSTOMERS, "--seed", "3", "--out", folder)
    for what in ("customers", "purchases", "refunds"):
        s.run("import", what, "--format", "csv", os.path.join(folder, f"{what}.csv"))
    for service in ("segmentation", "loyalty"):
        s.wait_caught_up(service=service)
    s.run("rfm", "run", "--as-of", "2026-01-01", "--method", "quantile", "--rules", "growth-11",
          "--force")
    member = s.call("clientele.segmentation.v1.RfmService/ListScores")["scores"][0]["customer_id"]
    s.run("points", "adjust", member, "250", "--reason", "GOODWILL")
    s.run("points", "redeem", member, "20")
    s.run("complaints", "file", member, "--id", "late-parcel", "--subject", "late", "--type",
          "delivery", "--severity", "2")


def answers_of(s):
    """What the release answers to reads: [method, request, response] each."""
    customers = [c["customer_id"] for c in
                 s.call("clientele.profile.v1.CustomerService/ListCustomers")["customers"]]
    asked = [("clientele.segmentation.v1.AnalyticsService/CountBuyers", {})]
    for customer_id in customers:
        asked += [(method, {"customer_id": customer_id}) for method in READS]
    return [[method, request, s.call(method, request)] for method, request in asked]


def value_of(value):
    return {"hex": value.hex()} if isinstance(value, bytes) else value


def tables_of(path):
    """Columns and rows of every table, in an order that does not depend on chance."""
    with contextlib.closing(sqlite3.connect(f"{pathlib.Path(path).as_uri()}?mode=ro",
                                            uri=True)) as database:
        names = [name for name, in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
        tables = {}
        for name in names:
            rows = database.execute(f"SELECT * FROM {name}")
            columns = [column[0] for column in rows.description]
            tables[name] = {"columns": columns,
                            "rows": sorted(([value_of(v) for v in row] for row in rows), key=str)}
        return tables


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    program, release, out = sys.argv[1:]
    os.environ["CLIENTELE_BIN"] = program
    with tempfile.TemporaryDirectory() as folder:
        data_dir = os.path.join(folder, "data")
        os.mkdir(data_dir)
        with suite.Suite(data_dir=data_dir, args=SUITE) as s:
            fill(s, folder)
            answers = answers_of(s)
        dump = {"release": release, "answers": answers,
                "key": pathlib.Path(data_dir, "key").read_bytes().hex(),
                "services": {service: tables_of(os.path.join(data_dir, f"{service}.db"))
                             for service in SERVICES}}
    with gzip.GzipFile(out, "wb", mtime=0) as file:
        file.write(json.dumps(dump, indent=0).encode())


if __name__ == "__main__":
    main()
