"""P1 and P11: a cached read, and what a thousand misses of one key ask of the database."""
from bench.figures import Row, at_least, at_most, run_program


def measure(options):
    """The program interleaves its two sides itself: both servers are in one process."""
    found = run_program("cache_bench", "--rounds", options.rounds)
    return [Row("P1", "cached GetCustomer with a token, audited, 64 calls in flight", "/s",
                found["cached_per_s"], "an empty unary RPC", found["empty_per_s"], at_least(0.80),
                cpu_us=found["cached_cpu_us_each"], cpu_us_theirs=found["empty_cpu_us_each"]),
            Row("P11", f"SQL queries of {found['misses']:,} concurrent misses of one customer", "",
                found["sql_queries"], must=at_most(10))]
