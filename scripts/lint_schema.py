#!/usr/bin/env python3
"""Checks that Citus can distribute every service's tables as their *.citus.sql say (docs/adr/0050),
that indexes of tables which may be large are built while servers write (docs/adr/0120), and that no
migration locks two tables which servers use meanwhile.

Usage: lint_schema.py [ROOT]      prints file: message per finding; exit code 1 if any
It applies the migrations to SQLite in memory and asks it what they made, and runs the *.citus.sql
there with functions of its own. Which words a migration may use is common_sql_portability_test's.
"""
import pathlib
import re
import sqlite3
import sys

NAME = re.compile(r"\d{4}_[a-z0-9_]+(\.citus)?\.sql")
COMMENT_OR_TEXT = re.compile(r"--[^\n]*|/\*.*?\*/|'[^']*'", re.DOTALL)
ADDED_COLUMN = re.compile(r"\s*ALTER\s+TABLE\s+(\w+)\s+ADD\b", re.IGNORECASE)
NAMED_CHECK = re.compile(r"\bCONSTRAINT\s+\w+\s+CHECK\b", re.IGNORECASE)
CHECK = re.compile(r"\bCHECK\b", re.IGNORECASE)
MADE_INDEX = re.compile(r"\s*CREATE\s+(?:UNIQUE\s+)?INDEX\s+\w+\s+ON\s+(\w+)", re.IGNORECASE)
CHANGED = re.compile(r"\s*(?:ALTER\s+TABLE|DROP\s+TABLE|UPDATE)\s+(\w+)", re.IGNORECASE)
READABLE = re.compile(r"^-- readable from:", re.MULTILINE)
ONLINE = re.compile(r"^-- online$", re.MULTILINE)
CUSTOMER = "customer_id"
# The first table of every service that is kept by customer: the others lie where it does.
FIRST = "outbox"

# Change several tables in use at once: they are older than the rule.
TOGETHER = {"0008_add_traceparent.sql", "1004_add_event_places.sql"}

# Tables that stay on the coordinator, and why.
LOCAL = {
    "feed": "one sequencer appends to it, and it is read by partition and position",
    "feed_head": "every batch of the sequencer moves it, under the sequencer's fence",
    "feed_tail": "it says from where on the feed is kept, so it lies where the feed does",
    "feed_consumer": "it decides what of the feed is kept, so it lies where the feed does",
    "audit_entry": "one chainer appends to it, and it is read by partition and position",
    "audit_head": "every batch of the chainer moves it, under the chainer's fence",
    "audit_writer": "one row a process",
    "key_fingerprint": "one row, read when a server starts",
    "lease": "one row a job, locked by whoever wants the job",
    "consumer_position": "sixteen rows a feed, each moved under a fence by every batch",
    "consumer_member": "a few rows, read together with the leases",
}


class Schema:
    """What the migrations of one service make, on SQLite."""

    def __init__(self):
        self._database = sqlite3.connect(":memory:")
        self._told = []
        self._database.create_function("create_reference_table", 1, self._take_reference)
        self._database.create_function("create_distributed_table", 3, self._take_distributed)

    def _take_reference(self, table):
        self._told.append((table, None, None))

    def _take_distributed(self, table, column, colocated_with):
        self._told.append((table, column, colocated_with))

    def tables(self):
        return {name for name, in self._database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'")}

    def apply(self, text):
        """Returns the tables that a migration makes."""
        before = self.tables()
        self._database.executescript(text)
        return self.tables() - before

    def distribute(self, text):
        """Returns what a *.citus.sql says: (table, column, with which to colocate)."""
        self._told = []
        self._database.executescript(text.replace("colocate_with =>", ""))
        return self._told

    def columns(self, table):
        """By name: the type."""
        return {name: kind for name, kind in self._database.execute(
            "SELECT name, type FROM pragma_table_info(?)", (table,))}

    def primary_key(self, table):
        return {name for name, in self._database.execute(
            "SELECT name FROM pragma_table_info(?) WHERE pk > 0", (table,))}

    def unique_keys(self, table):
        """The columns of the primary key and of each unique constraint and index."""
        indexes = [name for name, in self._database.execute(
            "SELECT name FROM pragma_index_list(?) WHERE \"unique\" = 1", (table,))]
        return [self.primary_key(table)] + [
            {name for name, in self._database.execute(
                "SELECT name FROM pragma_index_info(?)", (index,))} for index in indexes]


def problems_of_distributed(schema, table, column, colocated_with):
    columns = schema.columns(table)
    if column not in columns:
        yield f"{table} has no column {column}"
        return
    for key in schema.unique_keys(table):
        if column not in key:
            yield f"{table} has a key without {column}: {', '.join(sorted(key)) or 'none'}"
    if column != CUSTOMER:
        if CUSTOMER in schema.primary_key(table):
            yield f"{table} is kept by customer, so distribute it by {CUSTOMER}"
        if colocated_with != "none":
            yield f"{table} is a look-up, so colocate it with 'none'"
    elif colocated_with != ("none" if table == FIRST else FIRST):
        yield f"{table} is kept by customer, so colocate it with '{FIRST}'"
    elif columns[column] != schema.columns(FIRST)[column]:
        yield f"{table}.{column} has another type than that of {FIRST}"


def problems_of(schema, made, told):
    """What is wrong with `told`, the *.citus.sql of a migration that makes the tables `made`."""
    tables = [table for table, _, _ in told]
    for table in sorted(made - set(tables) - LOCAL.keys()):
        yield f"{table} is not distributed: say how in its *.citus.sql"
    for table, column, colocated_with in told:
        if table not in made:
            yield f"{table} is not made here"
        elif table in LOCAL or tables.count(table) > 1:
            yield f"{table} is " + ("said to stay on the coordinator" if table in LOCAL
                                    else "distributed twice")
        elif column is not None:
            yield from problems_of_distributed(schema, table, column, colocated_with)
        elif CUSTOMER in schema.columns(table):
            yield f"{table} grows with the customers, so it cannot be a reference table"


def problems_of_added_columns(text):
    """Citus adds a column with a constraint to a distributed table only if that has a name."""
    for statement in COMMENT_OR_TEXT.sub("", text).split(";"):
        added = ADDED_COLUMN.match(statement)
        if added and added[1] not in LOCAL and CHECK.search(NAMED_CHECK.sub("", statement)):
            yield f"{added[1]} gets a column whose CHECK has no name: say CONSTRAINT <name> CHECK"


def problems_of_locks(text, made):
    """Under servers that go on, whose transactions may take the tables in another order."""
    statements = COMMENT_OR_TEXT.sub("", text).split(";")
    changed = {found[1] for found in map(CHANGED.match, statements) if found} - made
    if READABLE.search(text) and len(changed) > 1:
        yield (f"{' and '.join(sorted(changed))} are in use and locked together, so that writers and "
               "this may wait for each other: change each in a migration of its own")


def problems_of_indexes(text, made):
    """`made` are the tables of the migration itself: they are empty."""
    statements = [part for part in COMMENT_OR_TEXT.sub("", text).split(";") if part.strip()]
    indexed = [found[1] for found in map(MADE_INDEX.match, statements) if found]
    if not ONLINE.search(text):
        for table in sorted(set(indexed) - made):
            yield (f"{table} may be large when it gets this index: make it in a migration of its "
                   "own with the line -- online")
    elif len(statements) != 1 or len(indexed) != 1:
        yield "what is marked -- online is one CREATE INDEX"


def problems_of_migration(schema, path):
    citus = path.with_name(path.stem + ".citus.sql")
    text = path.read_text(encoding="utf-8")
    try:
        made = schema.apply(text)
        told = schema.distribute(citus.read_text(encoding="utf-8")) if citus.exists() else []
    except sqlite3.Error as error:
        yield str(error)
        return
    yield from problems_of(schema, made, told)
    yield from problems_of_added_columns(text)
    if path.name not in TOGETHER:
        yield from problems_of_locks(text, made)
    yield from problems_of_indexes(text, made)


def check_service(service, root, findings):
    """Applies what `service` applies: the tables that common brings and its own. Returns them."""
    schema = Schema()
    paths = [path for folder in (*sorted(root.glob("common/*/migrations")), service)
             for path in folder.glob("*.sql")]
    for path in sorted(paths, key=lambda path: path.name):
        if not NAME.fullmatch(path.name):
            findings.add(f"{path.relative_to(root)}: is not named NNNN_<what>.sql")
        elif path.name.endswith(".citus.sql"):
            if not path.with_name(path.name.replace(".citus.sql", ".sql")).exists():
                findings.add(f"{path.relative_to(root)}: has no migration beside it")
        else:
            findings.update(f"{path.relative_to(root)}: {problem}"
                            for problem in problems_of_migration(schema, path))
    return schema.tables()


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    findings, tables = set(), set()
    for service in sorted(root.glob("services/*/migrations")):
        tables |= check_service(service, root, findings)
    findings.update(f"scripts/lint_schema.py: there is no table {table} to stay on the coordinator"
                    for table in LOCAL.keys() - tables)
    print("\n".join(sorted(findings)) if findings else "schema: ok")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
