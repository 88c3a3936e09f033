"""P2: a call with all of security on, and the same with all of it off."""
from bench.figures import Row, at_least, run_program


def measure(options):
    """The program interleaves its two sides itself: both servers are in one process."""
    found = run_program("security_bench", "--rounds", options.rounds)
    return [Row("P2", "cached GetCustomer over mutual TLS with a token, audited, 64 calls in flight",
                "/s", found["secured_per_s"], "the same without", found["open_per_s"],
                at_least(0.65))]
