"""P3, P4, P5 and P6: loyalty's postings, durable, idempotent and in the feed."""
import pathlib
import re
import subprocess

from bench import database
from bench.figures import Row, at_least, at_most, interleave, of, run_program
from tests.support import postgres

# Of the batched rows, what a caller sends at a time: 16,384 postings under way, which is what may
# wait for a commit (sql::GroupCommitOptions::waiting_max); with more, calls are refused.
CALLERS = 256
BATCH = 64
POSTINGS = 100_000
SINGLE_CALLERS = 512
SINGLE_POSTINGS = 30_000
# Of the rows of latencies, beside a lone caller.
FEW_CALLERS = 64
FEW_POSTINGS = 10_000
# What the ceiling commits at a time.
CEILING_BATCH = 500
# The number of connections at which the ceiling is highest on two cores.
CEILING_CONNECTIONS = 2
PGBENCH_SCALE = 50
PGBENCH_SECONDS = 5


def batches(*dsn, members=1000):
    return run_program("ledger_bench", *dsn, "--callers", CALLERS, "--batch", BATCH,
                       "--members", members, "--postings", POSTINGS)


def ceiling(*dsn, members=1000):
    return run_program("ceiling", *dsn, "--callers", CEILING_CONNECTIONS, "--batch",
                       CEILING_BATCH, "--members", members, "--postings", POSTINGS)


def singles(*dsn, callers, postings, members=1000):
    return run_program("ledger_bench", *dsn, "--callers", callers, "--postings", postings,
                       "--members", members)


def rates(number, what, ours, rival, theirs, must=None):
    """`ours` is what ledger_bench printed; the CPU is that of its process, server and callers, and
    not PostgreSQL's. Without a `must` the ratio is for the reader."""
    return Row(number, what, "/s", of(ours, "per_s"), rival, theirs, must and at_least(must),
               cpu_us=of(ours, "cpu_us_each"))


def group_commit(where, rounds, *dsn):
    """P6: both kinds of commit take turns within one process."""
    found = [run_program("group_commit_bench", *dsn) for _ in range(rounds)]
    return Row("P6", f"one caller's Redeem with group commit on, {where}, p50", "ms",
               of(found, "grouped_p50_ms"), "the same without the queue", of(found, "alone_p50_ms"),
               at_most(1.3))


def latencies(callers, found):
    who = "1 caller" if callers == 1 else f"{callers} callers"
    return [Row("ledger", f"Redeem over loopback gRPC on SQLite, {who}, {key[:3]}", "ms",
                of(found, key)) for key in ("p50_ms", "p99_ms")]


def on_sqlite(options):
    """P5: many postings a commit beside one posting a commit, of many members and of one."""
    alone, spread_out, top, single, alone_hot, hot, top_hot, single_hot, one, few = interleave(
        options.rounds,
        lambda: run_program("ledger_bench", "--callers", 0),
        batches,
        ceiling,
        lambda: singles(callers=SINGLE_CALLERS, postings=SINGLE_POSTINGS),
        lambda: run_program("ledger_bench", "--callers", 0, "--members", 1),
        lambda: batches(members=1),
        lambda: ceiling(members=1),
        lambda: singles(callers=SINGLE_CALLERS, postings=SINGLE_POSTINGS, members=1),
        lambda: singles(callers=1, postings=FEW_POSTINGS),
        lambda: singles(callers=FEW_CALLERS, postings=FEW_POSTINGS))
    commits, commits_hot = of(alone, "per_s"), of(alone_hot, "per_s")
    spread_what = f"postings on SQLite, BatchPost of {BATCH} by {CALLERS} callers, 1,000 members"
    return [rates("P5", spread_what, spread_out, "a commit each", commits, 2.5),
            rates("P5", "the same", spread_out, "the ceiling", of(top, "per_s"), 0.5),
            rates("P5", "the same on one member", hot, "a commit each", commits_hot, 6),
            rates("P5", "the same on one member", hot, "the ceiling", of(top_hot, "per_s"), 0.5),
            rates("P5", f"Redeem by {SINGLE_CALLERS} callers, 1,000 members", single,
                  "a commit each", commits, 2.5),
            rates("P5", f"Redeem by {SINGLE_CALLERS} callers, one member", single_hot,
                  "a commit each", commits_hot, 6),
            group_commit("SQLite", options.rounds),
            *latencies(1, one), *latencies(FEW_CALLERS, few)]


def pgbench(server, *arguments):
    """Transactions a second of pgbench with eight clients."""
    output = subprocess.run(
        ["pgbench", "-n", "-M", "prepared", "-c", "8", "-j", "2", "-T", str(PGBENCH_SECONDS),
         *arguments, "-h", server.folder, "-U", postgres.USER, postgres.DATABASE],
        check=True, capture_output=True, text=True).stdout
    return float(re.search(r"tps = ([0-9.]+)", output)[1])


def on_postgres(options):
    """P3 and P4: postings beside TPC-B, those of one member beside updates of one row, and both
    beside the ceiling."""
    if not database.available():
        return [Row("P3", "postings on PostgreSQL", rival="needs postgresql-15", must=at_least(4))]
    with database.private() as server:
        subprocess.run(["pgbench", "-i", "-q", "-s", str(PGBENCH_SCALE), "-h", server.folder, "-U",
                        postgres.USER, postgres.DATABASE], check=True, capture_output=True)
        update = pathlib.Path(server.folder, "one_row.sql")
        update.write_text("UPDATE pgbench_branches SET bbalance = bbalance + 1 WHERE bid = 1;\n",
                          encoding="utf-8")
        dsn = ("--postgres", server.dsn)
        tpcb, spread_out, top, single, updates, hot, top_hot, single_hot = interleave(
            options.rounds,
            lambda: pgbench(server),
            lambda: batches(*dsn),
            lambda: ceiling(*dsn),
            lambda: singles(*dsn, callers=SINGLE_CALLERS, postings=SINGLE_POSTINGS),
            lambda: pgbench(server, "-f", str(update)),
            lambda: batches(*dsn, members=1),
            lambda: ceiling(*dsn, members=1),
            lambda: singles(*dsn, callers=SINGLE_CALLERS, postings=SINGLE_POSTINGS, members=1))
        lone = group_commit("PostgreSQL", options.rounds, *dsn)
    spread_what = f"postings on PostgreSQL, BatchPost of {BATCH} by {CALLERS} callers, 1,000 members"
    hot_what = f"BatchPost of {BATCH} by {CALLERS} callers, one member"
    return [rates("P3", spread_what, spread_out, "TPC-B", tpcb, 4),
            rates("P3", "the same", spread_out, "the ceiling", of(top, "per_s"), 0.5),
            rates("P3", f"Redeem by {SINGLE_CALLERS} callers, 1,000 members", single, "TPC-B", tpcb,
                  1.5),
            rates("P4", hot_what, hot, "UPDATE of one row", updates, 8),
            rates("P4", "the same", hot, "the ceiling", of(top_hot, "per_s"), 0.5),
            # quality.md has no figure for singles of one member: P4's is that of batches.
            rates("P4", f"Redeem by {SINGLE_CALLERS} callers, one member", single_hot,
                  "UPDATE of one row", updates),
            lone]
