"""P1 and P11: a cached read, and what a thousand misses of one key ask of the database."""
from bench.figures import Row, at_least, at_most, run_program


def measure(options):
    """The program interleaves its sides itself: all servers are in one process."""
    found = run_program("cache_bench", "--rounds", options.rounds)

    def row(what, rival, theirs, must=None):
        return Row("P1", what, "/s", found["cached_per_s"], rival, found[f"{theirs}_per_s"], must,
                   cpu_us=found["cached_cpu_us_each"], cpu_us_theirs=found[f"{theirs}_cpu_us_each"])
    return [row("cached GetCustomer with a token, audited, 64 calls in flight",
                "an empty unary RPC of a server of ours", "empty", at_least(0.80)),
            row("the same", "an empty unary RPC of bare gRPC", "bare"),
            Row("P11", f"SQL queries of {found['misses']:,} concurrent misses of one customer", "",
                found["sql_queries"], must=at_most(10))]
