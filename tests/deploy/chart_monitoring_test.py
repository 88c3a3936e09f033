"""What the charts give Prometheus and Grafana: scrapes, alerts with links that lead somewhere."""
import collections
import unittest

from tests.support import helm, rules, suite

MONITORING = ("--values", str(helm.CHART / "ci/monitoring-values.yaml"))
PAGES = "https://git.example/crm/blob/main"


def alerts_of(manifests):
    """The annotations of each alert by its name; those of its windows have one link."""
    return {rule["alert"]: rule["annotations"]
            for manifest in manifests if manifest["kind"] == "PrometheusRule"
            for group in manifest["spec"]["groups"] for rule in group["rules"] if "alert" in rule}


class Monitoring(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        helm.programs()

    def test_a_service_monitor_scrapes_each_pod_once(self):
        manifests = helm.rendered("monitoring")
        monitors = [m for m in manifests if m["kind"] == "ServiceMonitor"]
        self.assertEqual(len(monitors), len(helm.SERVICES))
        for monitor in monitors:
            self.assertEqual(monitor["metadata"]["labels"]["release"], "prometheus")
            selector = monitor["spec"]["selector"]["matchLabels"]
            services = [m for m in manifests if m["kind"] == "Service"
                        and selector.items() <= m["metadata"]["labels"].items()
                        and "ops" in {port["name"] for port in m["spec"]["ports"]}]
            self.assertEqual([m["spec"]["clusterIP"] for m in services], ["None"])

    def test_rules_and_dashboards_come_with_monitoring_alone(self):
        kinds = collections.Counter(m["kind"] for m in helm.rendered("default"))
        self.assertFalse({"PrometheusRule", "ServiceMonitor"} & set(kinds))
        rules = {m["metadata"]["name"] for m in helm.rendered("monitoring")
                 if m["kind"] == "PrometheusRule"}
        files = {path.stem for path in (suite.ROOT / "deploy/prometheus/rules").glob("*.yaml")}
        self.assertEqual(rules, {f"r-rules-{name}" for name in files})
        dashboards = {key for m in helm.rendered("monitoring") if m["kind"] == "ConfigMap"
                      and "grafana_dashboard" in m["metadata"]["labels"] for key in m["data"]}
        self.assertEqual(dashboards, {path.name for path in
                                      (suite.ROOT / "deploy/grafana/dashboards").glob("*.json")})

    def test_the_link_of_each_alert_is_to_where_the_pages_are(self):
        every = {rule.name for rule in rules.rules() if rule.is_alert}
        for url, before in (("", ""), (PAGES, PAGES + "/"), (PAGES + "/", PAGES + "/")):
            for version in helm.programs():
                alerts = alerts_of(helm.template(version, *MONITORING, "--set",
                                                 f"prometheusRule.runbookUrl={url}"))
                self.assertEqual(set(alerts), every)
                for name, annotations in alerts.items():
                    self.assertEqual(annotations["runbook_url"],
                                     f"{before}docs/runbooks/{name}.md")

    def test_the_link_changes_nothing_else(self):
        done = [helm.run(max(helm.programs()), "template", *MONITORING, "--set",
                         f"prometheusRule.runbookUrl={url}").stdout for url in ("", PAGES)]
        self.assertNotEqual(*done)
        self.assertEqual(done[0], done[1].replace(PAGES + "/", ""))

    def test_what_is_no_address_is_refused(self):
        for url in ("git.example/crm", "https://git.example/a b", "docs"):
            done = helm.run(max(helm.programs()), "template", *MONITORING, "--set",
                            f"prometheusRule.runbookUrl={url}")
            self.assertNotEqual(done.returncode, 0, url)
            self.assertIn("runbookUrl", done.stderr)


if __name__ == "__main__":
    suite.main()
