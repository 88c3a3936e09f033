"""Every page of the repository: its links and the files it names are there, what the runbooks say to
run and to ask the database names the configuration and the schema, CONTRIBUTING.md names what makes
tests do more, and the page of metrics what there is none for.
"""
import re
import unittest

from tests.support import suite

# Where pages are, beside the root; a build folder has pages of others.
FOLDERS = ("bench", "cli", "common", "deploy", "docs", "helm", "proto", "scripts", "services",
           "tests")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
NAMED_FILE = re.compile(rf"`((?:{'|'.join(FOLDERS)}|cmake)/[\w./@-]+\.\w+)`")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
PROMETHEUS = suite.ROOT / "deploy" / "prometheus"
NOT_THERE_YET = ("SLA", "breach", "satisfaction", "completeness", "duplicate")
RUNBOOKS = suite.ROOT / "docs" / "runbooks"
# A server program with a command that reads its configuration, to the end of what is set as code.
SERVER_COMMAND = re.compile(r"clientele-SERVICE (?:migrate|serve|check-config)\b[^`]*")
# A variable that a test, or what it is supported by, asks the environment for.
ASKED_VARIABLE = re.compile(r"environ(?:\.get\(|\[)\"(CLIENTELE_\w+)\"")
# Set by CMake; where scripts/chart_tools.sh has put what it fetched.
NOT_BY_HAND = {"CLIENTELE_BIN", "CLIENTELE_KUBERNETES_SCHEMAS"}
ASKED_TABLE = re.compile(r"SELECT [^`;]* FROM ([\w.]+)")


def pages():
    yield from suite.ROOT.glob("*.md")
    for folder in FOLDERS:
        yield from (suite.ROOT / folder).rglob("*.md")


def anchor(heading):
    """What a link to a heading ends with."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def leads_nowhere(page, link):
    """What is wrong with a link within the repository, or nothing."""
    path, _, wanted = link.partition("#")
    target = page.parent / path if path else page
    if not target.exists():
        return "no such file"
    if wanted and target.suffix == ".md":
        headings = HEADING.findall(target.read_text(encoding="utf-8"))
        if wanted not in map(anchor, headings):
            return "no such heading"
    return ""


class Pages(unittest.TestCase):

    def test_every_link_leads_to_a_file_and_a_heading(self):
        checked = 0
        for page in pages():
            for link in LINK.findall(page.read_text(encoding="utf-8")):
                if not re.match(r"\w+:", link):
                    checked += 1
                    with self.subTest(page=str(page.relative_to(suite.ROOT)), link=link):
                        self.assertEqual(leads_nowhere(page, link), "")
        self.assertGreater(checked, 100)

    def test_a_link_that_leads_nowhere_is_found(self):
        page = suite.ROOT / "docs" / "install.md"
        self.assertEqual(leads_nowhere(page, "nothing.md"), "no such file")
        self.assertEqual(leads_nowhere(page, "upgrade.md#nothing"), "no such heading")
        self.assertEqual(leads_nowhere(page, "upgrade.md#the-way-up"), "")

    def test_every_file_that_is_named_from_the_root_is_there(self):
        checked = 0
        for page in pages():
            for name in NAMED_FILE.findall(page.read_text(encoding="utf-8")):
                checked += 1
                self.assertTrue((suite.ROOT / name).exists(), f"{page}: {name}")
        self.assertGreater(checked, 50)

    def test_the_commands_of_runbooks_name_the_configuration(self):
        commands = [(page.name, command) for page in RUNBOOKS.glob("*.md")
                    for command in SERVER_COMMAND.findall(page.read_text(encoding="utf-8"))]
        self.assertTrue(commands)
        for page, command in commands:
            self.assertIn("--config", command, page)

    def test_the_queries_of_runbooks_name_the_schema(self):
        """Nobody who connects by psql has a service's schema in the search path."""
        tables = [(page.name, table) for page in RUNBOOKS.glob("*.md")
                  for table in ASKED_TABLE.findall(page.read_text(encoding="utf-8"))]
        self.assertTrue(tables)
        for page, table in tables:
            self.assertRegex(table, r"^(SERVICE\.\w+|pg_\w+)$", page)

    def test_what_no_metric_and_no_alert_is_for_yet_the_page_of_metrics_says(self):
        """Whoever adds one takes its row away."""
        page = (PROMETHEUS / "README.md").read_text(encoding="utf-8")
        files = [*(suite.ROOT / "tests/e2e/golden").glob("*_metrics.txt"),
                 *(PROMETHEUS / "rules").glob("*.yaml")]
        self.assertGreater(len(files), 4)
        there = "".join(file.read_text(encoding="utf-8").lower() for file in files)
        for word in NOT_THERE_YET:
            self.assertRegex(page, rf"(?m)^\|[^|]*\b{word}[^|]*\| ")
            self.assertNotRegex(there, rf"(?<![a-z]){word.lower()}")

    def test_contributing_names_every_variable_that_tests_ask_for(self):
        asked = {name for file in (suite.ROOT / "tests").rglob("*.py")
                 for name in ASKED_VARIABLE.findall(file.read_text(encoding="utf-8"))}
        self.assertIn("CLIENTELE_TEST_IMAGES", asked)
        contributing = (suite.ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
        for name in asked - NOT_BY_HAND:
            self.assertRegex(contributing, rf"\b{name}\b")


if __name__ == "__main__":
    suite.main()
