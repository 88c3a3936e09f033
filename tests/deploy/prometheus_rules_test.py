"""The alerts: promtool accepts and tests them, each has a runbook, and what they watch exists."""
import collections
import re
import shutil
import subprocess
import unittest

from deploy.prometheus import slo_rules
from tests.support import promql, rules, suite

TESTS = sorted((rules.PROMETHEUS / "tests").glob("*_test.yaml"))
RUNBOOKS = suite.ROOT / "docs" / "runbooks"
SECTIONS = ["Meaning", "Impact", "Diagnosis", "Mitigation"]


def promtool(*args):
    return subprocess.run(["promtool", *map(str, args)], text=True, capture_output=True,
                          timeout=120, check=False)


@unittest.skipUnless(shutil.which("promtool"), "there is no promtool: run scripts/setup.sh")
class PrometheusRules(unittest.TestCase):

    def test_promtool_accepts_every_rule(self):
        done = promtool("check", "rules", "--lint-fatal", *rules.files())
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_promtool_accepts_the_example_configuration(self):
        done = promtool("check", "config", rules.PROMETHEUS / "prometheus.yml")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_every_alert_fires_and_stays_silent_when_it_should(self):
        done = promtool("test", "rules", *TESTS)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_every_alert_has_a_test_in_which_it_fires_and_one_in_which_it_does_not(self):
        fires, silent = collections.Counter(), collections.Counter()
        for path in TESTS:
            text = path.read_text(encoding="utf-8")
            fires.update(re.findall(r'alertname="(\w+)"', text))
            for name, expected in re.findall(r"alertname: (\w+)\n +exp_alerts:( \[\])?", text):
                (silent if expected else fires)[name] += 1
            if "exp_samples: []" in text:  # no alert at all
                silent.update(re.findall(r'alertname="(\w+)"', text))
        for rule in rules.rules():
            if rule.is_alert:
                self.assertTrue(fires[rule.name] and silent[rule.name], rule.name)

    def test_every_alert_says_how_bad_it_is_and_what_to_do(self):
        for rule in rules.rules():
            if rule.is_alert:
                with self.subTest(rule.name):
                    self.assertRegex(rule.body, rules.SEVERITY)
                    self.assertEqual(rule.annotation_lines(),
                                     {"summary", "description", "runbook_url"})
                    self.assertEqual(rules.RUNBOOK.search(rule.body).group(1),
                                     f"docs/runbooks/{rule.name}.md")

    def test_every_alert_has_a_runbook_and_every_runbook_an_alert(self):
        alerts = {rule.name for rule in rules.rules() if rule.is_alert}
        self.assertEqual({path.stem for path in RUNBOOKS.glob("*.md")}, alerts)
        for alert in alerts:
            with self.subTest(alert):
                text = (RUNBOOKS / f"{alert}.md").read_text(encoding="utf-8")
                self.assertTrue(text.startswith(f"# {alert}\n"))
                self.assertEqual(re.findall(r"^## (.*)$", text, re.MULTILINE), SECTIONS)

    def test_every_metric_of_a_rule_is_one_that_the_servers_show(self):
        every = rules.rules()
        known = promql.shown_metrics() | {rule.name for rule in every if not rule.is_alert}
        for rule in every:
            self.assertEqual(promql.unknown_metrics(rule.expression, known), set(), rule.name)

    def test_a_metric_that_nobody_shows_is_found(self):
        self.assertEqual(
            promql.unknown_metrics(
                'sum by (job) (rate(no_such_total{code="up"}[5m])) > on (job) '
                'max({__name__=~"nothing_.*"}) and time() - up > 3', {"up"}),
            {"no_such_total", "nothing_.*"})

    def test_the_objectives_are_written_as_their_generator_has_them(self):
        self.assertEqual(slo_rules.TARGET.read_text(encoding="utf-8"), slo_rules.rules())


if __name__ == "__main__":
    suite.main()
