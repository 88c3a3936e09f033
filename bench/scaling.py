"""What docs/scaling.md makes of the figures of docs/performance.md: the table of what one machine
has done, beside what is needed. Made from the page itself, so that the two cannot differ."""
import re

from bench import figures

PERFORMANCE = figures.ROOT / "docs/performance.md"
SCALING = figures.ROOT / "docs/scaling.md"
MARK = "measured"
MILLIONS = (1, 100, 1000)
# Of a million customers, as docs/scaling.md counts them.
READS_PER_SECOND = 1160
ORDERS_PER_SECOND = 1.24
EVENTS_PER_SECOND = 2.5
ORDERS = 5_840_000
LINES = 17_290_000
# What begins the cell of a row: median unit (min-max).
MEDIAN = re.compile(r"([\d,.]+) (/s|s) \(")


def find_row(page, number, what):
    """The cells of the first row of the table so numbered whose second cell begins so."""
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0] == number and len(cells) > 2 and cells[1].startswith(what):
            return cells
    raise LookupError(f"docs/performance.md has no {number}, {what}")


def number_of(text):
    return float(text.replace(",", ""))


def median(cells):
    """The median of ours."""
    found = MEDIAN.match(cells[2])
    if not found:
        raise LookupError(f"docs/performance.md has no figure for {cells[0]}, {cells[1]}")
    return number_of(found[1])


def rough(value):
    """To two digits, never with an exponent."""
    return f"{float(f'{value:.2g}'):,.10g}"


def times(value):
    """How many times what was measured that is."""
    return "< 0.001 ×" if value < 0.001 else f"{rough(value)} ×"


def lasting(seconds):
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{rough(seconds / length)} {unit}"
    return f"{rough(seconds)} s"


def rate_cells(what, rate, needed):
    """`needed` a second by a million customers; None = not said."""
    shares = [times(needed * size / rate) if needed else "" for size in MILLIONS]
    return [what, f"{rate:,.0f} /s", *shares]


def work_cells(what, rate, needed):
    """`needed` in all by a million customers."""
    return [what, f"{rate:,.0f} /s", *(lasting(needed * size / rate) for size in MILLIONS)]


def rate_of(cells, pattern):
    """How many a second, of a row of seconds that says how many there are."""
    return number_of(re.search(pattern, cells[1])[1]) / median(cells)


def table(page):
    """Of the text of docs/performance.md."""
    imported = find_row(page, "P10", "Online Retail")
    rows = [["", "measured", "1 M", "100 M", "1 B"], ["---"] * 5,
            rate_cells("cached reads, one process", median(find_row(page, "P1", "cached")),
                       READS_PER_SECOND),
            rate_cells("postings, single Redeems", median(find_row(page, "P3", "Redeem")),
                       ORDERS_PER_SECOND),
            rate_cells("postings in batches", median(find_row(page, "P3", "postings")), None),
            rate_cells("events to one consumer", median(find_row(page, "P13", "events")),
                       EVENTS_PER_SECOND),
            work_cells("lines of an import on SQLite, durable and in the feed: all of them",
                       rate_of(imported, r"([\d,]+) rows"), LINES),
            work_cells("orders of a full re-score on SQLite: all of them",
                       rate_of(find_row(page, "P7", "RFM"), r"([\d,]+) orders"), ORDERS)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in rows)


def write():
    """Puts the table of the page as it is now into docs/scaling.md."""
    figures.replace_between(SCALING, MARK, table(PERFORMANCE.read_text(encoding="utf-8")))
