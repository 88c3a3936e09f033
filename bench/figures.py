"""What a benchmark found, as a row of the table: both sides, their ratio, and whether that is what
quality.md demands."""
import dataclasses
import json
import pathlib
import statistics
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[1]
PROGRAMS = ROOT / "build/release/bench"
PROGRAM_SECONDS_MAX = 1800


@dataclasses.dataclass(frozen=True)
class Must:
    """What the median has to be: that of the ratio when there is a rival, else of our own figure."""
    limit: float
    at_least: bool

    def met_by(self, value):
        return value >= self.limit if self.at_least else value <= self.limit

    def __str__(self):
        return f"{'≥' if self.at_least else '≤'} {self.limit:g}"


def at_least(limit):
    return Must(limit, True)


def at_most(limit):
    return Must(limit, False)


@dataclasses.dataclass
class Row:
    """`ours` and `theirs` are one figure a round, those of one round measured one after the other.
    Nothing in `ours`: `what` could not be measured, and `rival` says why."""
    number: str
    what: str
    unit: str = ""
    ours: list = dataclasses.field(default_factory=list)
    rival: str = "-"
    theirs: list = dataclasses.field(default_factory=list)
    must: Must | None = None
    # The figures are durations, and the ratio is how many times as fast ours is; else the ratio is
    # ours / theirs.
    is_speedup: bool = False
    # CPU of one operation in microseconds, one figure a round; nothing where it is not measured.
    cpu_us: list = dataclasses.field(default_factory=list)
    cpu_us_theirs: list = dataclasses.field(default_factory=list)
    more: dict = dataclasses.field(default_factory=dict)  # for results.json only

    def ratios(self):
        sides = zip(self.theirs, self.ours) if self.is_speedup else zip(self.ours, self.theirs)
        return [over / under for over, under in sides]

    def is_met(self):
        """None when there is nothing to meet, or it could not be measured."""
        judged = self.ours if self.rival == "-" else self.ratios()
        if self.must is None or not judged:
            return None
        return self.must.met_by(statistics.median(judged))

    def cells(self):
        beside = f"{self.rival} {spread(self.theirs, self.unit)}" if self.theirs else self.rival
        met = {None: "-" if self.must is None else "not measured", True: "yes", False: "**no**"}
        return [self.number, self.what, spread(self.ours, self.unit) if self.ours else "-", beside,
                spread(self.ratios(), "x") if self.theirs else "-",
                "-" if self.must is None else str(self.must), met[self.is_met()], self.cpu_cell()]

    def cpu_cell(self):
        sides = [f"{statistics.median(side):,.1f}" for side in (self.cpu_us, self.cpu_us_theirs)
                 if side]
        return f"{' : '.join(sides)} µs" if sides else "-"

    def as_json(self):
        return {**dataclasses.asdict(self), "ratios": self.ratios(), "is_met": self.is_met()}


def spread(values, unit):
    """median unit (min-max), with as many digits as mean something."""
    digits = 0 if min(values) >= 1000 or all(isinstance(value, int) for value in values) else 2
    middle, low, high = (f"{value:,.{digits}f}" for value in
                         (statistics.median(values), min(values), max(values)))
    return " ".join(filter(None, [middle, unit, f"({low}-{high})"]))


def interleave(rounds, *sides):
    """Calls each side in turn, `rounds` times; what each answered, in lists."""
    found = [[] for _ in sides]
    for _ in range(rounds):
        for side, answers in zip(sides, found):
            answers.append(side())
    return found


def of(answers, key):
    return [each[key] for each in answers]


def run_program(name, *arguments):
    """What one of our benchmark programs prints."""
    return json.loads(subprocess.run([PROGRAMS / name, *map(str, arguments)], check=True,
                                     stdout=subprocess.PIPE, text=True,
                                     timeout=PROGRAM_SECONDS_MAX).stdout)


def markdown(rows):
    head = ["#", "what", "ours: median (min-max)", "beside", "ratio", "must", "met", "CPU each"]
    lines = [head, ["---"] * len(head), *(row.cells() for row in rows)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def replace_between(page, name, text):
    """Replaces what stands between the markers <!-- name --> and <!-- end of name --> of a page."""
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    before, rest = page.read_text(encoding="utf-8").split(begin, 1)
    page.write_text(before + begin + text + end + rest.split(end, 1)[1], encoding="utf-8")
