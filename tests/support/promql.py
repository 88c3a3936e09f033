"""The metrics that PromQL expressions name, and those that the servers show by their golden lists."""
import pathlib
import re

GOLDEN = pathlib.Path(__file__).parents[1] / "e2e" / "golden"
STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
NAME_PATTERN = re.compile(r'__name__=~"((?:[^"\\]|\\.)*)"')
# What stands between braces, brackets, and behind by, on and the like are labels and durations.
LABELS = re.compile(
    r"\{[^}]*\}|\[[^\]]*\]|\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")
NAME = re.compile(r"[a-zA-Z_:][\w:]*(?!\s*\(|[\w:])")
WORDS = {"and", "or", "unless", "bool", "offset", "inf", "nan", "group_left", "group_right"}
# Prometheus' own.
SCRAPED = {"up", "ALERTS"}


def metrics_of(expression):
    """The names an expression says, and the patterns it says in place of names."""
    patterns = NAME_PATTERN.findall(expression)
    bare = LABELS.sub(" ", STRING.sub('""', expression))
    return {name for name in NAME.findall(bare) if name.lower() not in WORDS}, patterns


def shown_metrics():
    """The name of every series of the golden lists, the parts of histograms too."""
    names = set(SCRAPED)
    for golden in GOLDEN.glob("*_metrics.txt"):
        for name, kind in re.findall(r"^(\w+) (counter|gauge|histogram)$",
                                     golden.read_text(encoding="utf-8"), re.MULTILINE):
            parts = ("_bucket", "_sum", "_count") if kind == "histogram" else ("",)
            names.update(name + part for part in parts)
    return names


def unknown_metrics(expression, known):
    """What an expression names that is not among `known`; a pattern must match one of them."""
    names, patterns = metrics_of(expression)
    return (names - known) | {pattern for pattern in patterns
                              if not any(re.fullmatch(pattern, name) for name in known)}
