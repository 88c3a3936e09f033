"""P1 and P11: a cached read, and what a thousand misses of one key ask of the database."""
from bench.figures import Row, at_least, at_most, run_program

EMPTY = ("an empty unary RPC of a server of ours", "empty")
BARE = ("an empty unary RPC of bare gRPC", "bare")


def measure(options):
    """The program interleaves its sides itself: all servers are in one process."""
    found = run_program("cache_bench", "--rounds", options.rounds)

    def row(what, ours, rival, theirs, must=None):
        return Row("P1", what, "/s", found[f"{ours}_per_s"], rival, found[f"{theirs}_per_s"], must,
                   cpu_us=found[f"{ours}_cpu_us_each"], cpu_us_theirs=found[f"{theirs}_cpu_us_each"])
    return [row("cached GetCustomer with a token, not audited, 64 calls in flight", "cached", *EMPTY, at_least(0.80)),
            row("the same, audited", "audited", *EMPTY),
            row("the same, audited", "audited", *BARE),
            Row("P11", f"SQL queries of {found['misses']:,} concurrent misses of one customer", "",
                found["sql_queries"], must=at_most(10))]
