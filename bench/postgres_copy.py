"""PostgreSQL's COPY of a CSV file into a bare table, on a private server."""
import gzip
import pathlib
import shutil
import time


def copy_seconds(server, csv_gz):
    """Seconds of COPY, durable, of an Online Retail file into a table without indexes, on a
    tests.support.postgres.PrivatePostgres."""
    server.psql("drop table if exists bare; create table bare (invoice text, sku text, "
                "description text, quantity bigint, invoice_time timestamp, unit_price numeric, "
                "customer text, country text)")
    plain = pathlib.Path(server.folder) / "rows.csv"
    if not plain.exists():
        with gzip.open(csv_gz, "rb") as source, open(plain, "wb") as target:
            shutil.copyfileobj(source, target)
    started = time.monotonic()
    with open(plain, "rb") as rows:
        server.psql("copy bare from stdin with (format csv, header)", stdin=rows)
    return time.monotonic() - started
