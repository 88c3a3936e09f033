"""A private PostgreSQL for one measurement: COPY of a CSV file into a bare table."""
import gzip
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

BIN = pathlib.Path("/usr/lib/postgresql/15/bin")


def available():
    return (BIN / "initdb").exists()


class PrivatePostgres:
    """A server of its own on a Unix socket in a temporary folder; never touches a system cluster."""

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="clientele-pg-")
        # initdb refuses to run as root.
        self.user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self.user:
            shutil.chown(self.folder, "postgres")
        self.as_user(BIN / "initdb", "-D", f"{self.folder}/data", "--locale=C", "-E", "UTF8",
                     "-U", "bench", "--auth=trust")
        self.as_user(BIN / "pg_ctl", "-D", f"{self.folder}/data", "-w", "-l",
                     f"{self.folder}/log", "-o", f"-c listen_addresses='' -k {self.folder}",
                     "start")
        return self

    def __exit__(self, *unused):
        self.as_user(BIN / "pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "stop")
        shutil.rmtree(self.folder)

    def as_user(self, *command):
        subprocess.run([*self.user, *map(str, command)], check=True, cwd="/",
                       stdout=subprocess.DEVNULL)

    def psql(self, sql, stdin=None):
        quiet = {**os.environ, "PGOPTIONS": "-c client_min_messages=warning"}
        subprocess.run(["psql", "-q", "-h", self.folder, "-U", "bench", "-d", "postgres",
                        "-v", "ON_ERROR_STOP=1", "-c", sql], check=True, stdin=stdin,
                       env=quiet)

    def copy_seconds(self, csv_gz):
        """Seconds of COPY, durable, of an Online Retail file into a table without indexes."""
        self.psql("drop table if exists bare; create table bare (invoice text, sku text, "
                  "description text, quantity bigint, invoice_time timestamp, unit_price numeric, "
                  "customer text, country text)")
        plain = pathlib.Path(self.folder) / "rows.csv"
        if not plain.exists():
            with gzip.open(csv_gz, "rb") as source, open(plain, "wb") as target:
                shutil.copyfileobj(source, target)
        started = time.monotonic()
        with open(plain, "rb") as rows:
            self.psql("copy bare from stdin with (format csv, header)", stdin=rows)
        return time.monotonic() - started
