"""P13: the feed to one consumer, beside rows taken one by one."""
from bench import database
from bench.figures import Row, at_least, at_most, interleave, of, run_program


def measure(options):
    """The program measures both sides, one after the other."""
    if not database.available():
        return [Row("P13", "feed on PostgreSQL", rival="needs postgresql-15", must=at_least(20))]
    with database.private() as server:
        found, = interleave(options.rounds,
                            lambda: run_program("feed_bench", "--postgres", server.dsn))
    return [Row("P13", "events to one consumer with its transactional position", "/s",
                of(found, "events_per_s"), "LISTEN/NOTIFY, row by row", of(found, "rows_per_s"),
                at_least(20)),
            Row("P13", "commit to the consumer's commit, 200 events/s, p99", "ms",
                of(found, "lag_p99_ms"), must=at_most(100)),
            Row("P13", "the same, p50", "ms", of(found, "lag_p50_ms"))]
