"""The PostgreSQL that benchmarks run on."""
from tests.support import postgres

# PostgreSQL's own default. initdb lowers it for the small WAL segments that the tests ask for, and
# whoever writes much would then be measured against its checkpoints.
SETTINGS = ("max_wal_size=1GB",)


def available():
    return postgres.available()


def private():
    """A new one, fsync on, everything else by default; use as a context manager. Its locale is C,
    as README.md advises: C.UTF-8 compares texts through the C library."""
    return postgres.PrivatePostgres(locale="C", settings=SETTINGS)
