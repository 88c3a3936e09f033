"""The files of deploy/prometheus/rules, read without a YAML library: they are written in one way."""
import pathlib
import re

from tests.support import suite

PROMETHEUS = suite.ROOT / "deploy" / "prometheus"
RULE = re.compile(r"^      - (alert|record): (\S+)\n", re.MULTILINE)
EXPRESSION = re.compile(r"^        expr: (?:\|\n((?:          .*\n)+)|(.*)\n)", re.MULTILINE)
RUNBOOK = re.compile(r"^          runbook_url: (\S+)$", re.MULTILINE)
SEVERITY = re.compile(r"^          severity: (page|ticket)$", re.MULTILINE)


class Rule:
    """An alert or a recording rule."""

    def __init__(self, kind, name, body):
        self.is_alert = kind == "alert"
        self.name = name
        self.body = body
        block, line = EXPRESSION.search(body).groups()
        self.expression = block or line

    def annotation_lines(self):
        return {word for word in ("summary", "description", "runbook_url")
                if re.search(rf"^          {word}: ", self.body, re.MULTILINE)}


def files():
    return sorted((PROMETHEUS / "rules").glob("*.yaml"))


def rules():
    """Every rule of every file."""
    found = []
    for path in files():
        _, *parts = RULE.split(path.read_text(encoding="utf-8"))
        found += [Rule(*parts[i:i + 3]) for i in range(0, len(parts), 3)]
    return found
