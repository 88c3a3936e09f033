"""P2: a call with all of security on, and the same with all of it off."""
from bench.figures import Row, at_least, run_program


def measure(options):
    """The program interleaves its sides itself: both servers are in one process."""
    found = run_program("security_bench", "--rounds", options.rounds)

    def row(what, kind="", must=None):
        ours, theirs = f"secured{kind}", f"open{kind}"
        return Row("P2", what, "/s", found[f"{ours}_per_s"], "the same without",
                   found[f"{theirs}_per_s"], must, cpu_us=found[f"{ours}_cpu_us_each"],
                   cpu_us_theirs=found[f"{theirs}_cpu_us_each"])
    return [row("cached GetCustomer over mutual TLS with a token, audited, 64 calls in flight",
                must=at_least(0.65)),
            row("the same with each call opening its values (CONSISTENCY_STRONG, from SQLite)",
                "_loaded")]
