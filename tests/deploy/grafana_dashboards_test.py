"""The dashboards are what their generator makes of their description, and ask for what exists."""
import unittest

from deploy.grafana import dashboards, panels
from tests.support import promql, rules, suite


class GrafanaDashboards(unittest.TestCase):

    def test_the_files_are_what_the_generator_writes(self):
        wanted = dashboards.files()
        self.assertEqual(set(dashboards.FOLDER.iterdir()), set(wanted))
        for path, text in wanted.items():
            self.assertEqual(path.read_text(encoding="utf-8"), text, path.name)

    def test_every_metric_of_a_panel_is_one_that_the_servers_show(self):
        known = promql.shown_metrics() | {rule.name for rule in rules.rules() if not rule.is_alert}
        for dashboard in panels.dashboards():
            for row in dashboard.rows:
                for panel in row.panels:
                    for query in panel.queries:
                        with self.subTest(f"{dashboard.title}: {panel.title}"):
                            self.assertEqual(
                                promql.unknown_metrics(query.expression, known), set())


if __name__ == "__main__":
    suite.main()
