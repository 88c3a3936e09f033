"""Databases as an earlier release has left them, from what scripts/dump_release.py has written."""
import contextlib
import gzip
import json
import pathlib
import sqlite3

from tests.support import suite

FOLDER = suite.ROOT / "tests/e2e/releases"
SERVICES = ("profile", "segmentation", "loyalty", "complaints")


def _bytes_or(value):
    return bytes.fromhex(value["hex"]) if isinstance(value, dict) else value


def _sql_literal(value):
    if value is None:
        return "NULL"
    if isinstance(value, dict):
        return f"decode('{value['hex']}', 'hex')"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return repr(value)


def _migration_text(service, version):
    """As this checkout has it: migrations never change, which `migrate` checks by their checksums."""
    found = [path for folder in ("common/feed", "common/idempotency", f"services/{service}")
             for path in (suite.ROOT / folder / "migrations").glob(f"{version:04}_*.sql")
             if not path.name.endswith(".citus.sql")]
    assert len(found) == 1, (service, version, found)
    return found[0].read_text(encoding="utf-8")


class Release:
    """One fixture."""

    def __init__(self, name):
        with gzip.open(FOLDER / f"{name}.json.gz", "rt", encoding="utf-8") as file:
            dump = json.load(file)
        self.key = bytes.fromhex(dump["key"])
        self.services = dump["services"]
        self.answers = dump["answers"]  # [method, request, response] each

    def versions(self, service):
        history = self.services[service]["schema_migration"]
        return sorted(row[history["columns"].index("version")] for row in history["rows"])

    def _schema(self, service):
        yield ("CREATE TABLE schema_migration (version BIGINT NOT NULL, name TEXT NOT NULL, checksum"
               " TEXT NOT NULL, apply_time BIGINT NOT NULL, PRIMARY KEY (version));")
        for version in self.versions(service):
            yield _migration_text(service, version)
        for table in self.services[service]:
            yield f"DELETE FROM {table};"  # what its migration has put in

    def write_key(self, data_dir):
        path = pathlib.Path(data_dir, "key")
        path.write_bytes(self.key)
        path.chmod(0o600)

    def make_sqlite(self, service, path):
        text = "\n".join(self._schema(service)).replace("/* sqlite: WITHOUT ROWID */",
                                                        "WITHOUT ROWID")
        with contextlib.closing(sqlite3.connect(path)) as database, database:
            database.executescript(text)
            for name, table in self.services[service].items():
                marks = ", ".join("?" * len(table["columns"]))
                database.executemany(
                    f"INSERT INTO {name} ({', '.join(table['columns'])}) VALUES ({marks})",
                    [[_bytes_or(value) for value in row] for row in table["rows"]])

    def make_postgres(self, service, postgres):
        text = [f"CREATE SCHEMA {service};", f"SET search_path = {service};",
                *self._schema(service)]
        for name, table in self.services[service].items():
            for row in table["rows"]:
                text.append(f"INSERT INTO {name} ({', '.join(table['columns'])}) VALUES "
                            f"({', '.join(map(_sql_literal, row))});")
        postgres.run_script("\n".join(text))

    def rows_in_sqlite(self, service, path):
        """What the tables of the release hold now, in the columns they had, as in the fixture."""
        with contextlib.closing(sqlite3.connect(path)) as database:
            return {name: sorted(([{"hex": v.hex()} if isinstance(v, bytes) else v for v in row]
                                  for row in database.execute(
                                      f"SELECT {', '.join(table['columns'])} FROM {name}")),
                                 key=str)
                    for name, table in self.services[service].items()}

    def rows_in_postgres(self, service, postgres):
        binary = set(postgres.psql(
            "SELECT table_name || '.' || column_name FROM information_schema.columns"
            f" WHERE table_schema = '{service}' AND data_type = 'bytea'").split())
        found = {}
        for name, table in self.services[service].items():
            fields = ", ".join(
                f"json_build_object('hex', encode({c}, 'hex'))" if f"{name}.{c}" in binary else c
                for c in table["columns"])
            lines = postgres.psql(
                f"SELECT json_build_array({fields}) FROM {service}.{name}").splitlines()
            found[name] = sorted(([None if v == {"hex": None} else v for v in json.loads(line)]
                                  for line in lines), key=str)
        return found

    def rows(self, service):
        return {name: sorted(table["rows"], key=str)
                for name, table in self.services[service].items()}
