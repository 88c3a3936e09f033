"""What the pages say of images, charts and Compose is what these do: the production example renders,
the images that docs/install.md builds are those that charts pull, connections are counted right."""
import json
import re
import shlex
import unittest

import yaml

from tests.deploy import charts_test
from tests.support import helm, suite

README = helm.CHART / "README.md"
INSTALL = suite.ROOT / "docs/install.md"
COMPOSE = suite.ROOT / "deploy/compose"


def section(path, heading):
    """What stands under a heading of a page."""
    return path.read_text(encoding="utf-8").partition(f"{heading}\n")[2].partition("\n## ")[0]


def blocks(text):
    return re.findall(r"^```\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def deployments(*flags):
    return [m for m in helm.template(max(helm.programs()), *flags) if m["kind"] == "Deployment"]


class Pages(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        helm.programs()

    def test_the_production_example_renders_and_chooses_a_currency(self):
        example = yaml.safe_load(blocks(section(README, "## Production"))[0])
        flags = [word for name, value in example.items()
                 for word in ("--set-json", f"{name}={json.dumps(value)}")]
        for version in helm.programs():
            manifests = helm.template(version, *flags)
            configs = {m["metadata"]["name"]: yaml.safe_load(m["data"]["config.yaml"])
                       for m in manifests if "config.yaml" in m.get("data", {})}
            self.assertEqual(configs["r-loyalty"]["program"]["currency"],
                             example["loyalty"]["config"]["program"]["currency"])
        self.assertIn("choose it before the first purchase: it stays",
                      section(README, "## Production"))

    def test_the_production_commands_make_the_secrets_that_the_example_names(self):
        values, commands = blocks(section(README, "## Production"))[:2]
        for loop, body in re.findall(
                r"^for service in (.+?); do\n(.+?)\ndone$", commands, re.MULTILINE | re.DOTALL):
            self.assertEqual(loop.split(), list(helm.SERVICES))
            commands += "\n".join(body.replace("$service", service) for service in loop.split())
        made = {name: {entry} for name, entry in re.findall(
            r"create secret generic ([a-z-]+) --namespace crm --from-file=([a-z.]+)", commands)}
        given = [word for name, value in yaml.safe_load(values).items()
                 for word in ("--set-json", f"{name}={json.dumps(value)}")]
        rendered = helm.template(max(helm.programs()), *given)
        self.assertEqual(made, charts_test.secrets_of(rendered))

    def test_the_images_that_the_page_builds_are_those_that_charts_pull(self):
        build, *others = blocks(section(INSTALL, "## Images"))
        version = re.search(r"^version=(\S+)", build)[1]
        self.assertIn(" -t clientele-$service:$version ", build)
        for commands in (build, *others):
            named = re.search(r"for service in ([a-z ]+);", commands)[1].split()
            self.assertEqual(named, list(helm.SERVICES))
        pulled = {m["spec"]["template"]["spec"]["containers"][0]["image"] for m in deployments()}
        self.assertEqual(pulled, {f"clientele-{service}:{version}" for service in helm.SERVICES})
        for word in ("docker push", "kind load docker-image", "k3s ctr images import",
                     "--set global.image.registry=$registry"):
            self.assertTrue(any(word in commands for commands in others), word)

    def test_compose_takes_the_images_by_the_variables_that_its_page_names(self):
        text = (COMPOSE / "compose.yaml").read_text(encoding="utf-8")
        variables = dict(re.findall(r"\$\{(\w+):-(\w+)\}", text))
        self.assertEqual(set(variables), {"CLIENTELE_IMAGES", "CLIENTELE_VERSION"})
        page = (COMPOSE / "README.md").read_text(encoding="utf-8")
        for name, default in variables.items():
            self.assertRegex(page, rf"`{name}`[^(]*\(default `{default}`")
        self.assertIn(" -t clientele-$service .", page)  # the defaults

    def test_the_connections_to_postgresql_are_counted_right(self):
        of_pods = json.loads((helm.CHART / "values.schema.json").read_text())[
            "$defs"]["sharedConfig"]["properties"]["database"]["properties"]["pool_size"]["default"]
        servers = deployments("--values", str(helm.CHART / "ci/external-values.yaml"))
        usual = sum(m["spec"]["replicas"] for m in servers)
        upgraded = usual + sum(m["spec"]["strategy"]["rollingUpdate"]["maxSurge"] for m in servers)
        for page in (section(README, "## Production"), section(INSTALL, "### For Kubernetes")):
            self.assertIn(f"{usual * of_pods}", page)
            self.assertIn(f"{upgraded * of_pods} while an upgrade has a third", page)
            self.assertIn("max_connections", page)

    def test_a_limit_comes_at_once_as_the_pages_say(self):
        runbook = suite.ROOT / "docs/runbooks/ClienteleAvailabilityBudgetBurn.md"
        for text in (section(README, "## Production"), section(runbook, "## Mitigation")):
            for place, value in (("SERVICE", "loyalty"), ("PRINCIPAL=RATE BURST", "shop=100 200")):
                text = text.replace(place, value)
            flags = shlex.split(re.search(r"helm upgrade .*--reset-then-reuse-values ([^`\n]+)",
                                          text)[1])
            external = ("--values", str(helm.CHART / "ci/external-values.yaml"))
            before, after = (
                {helm.label(m): m for m in helm.template(max(helm.programs()), *external, *given)}
                for given in ((), flags))
            changed = {name for name, manifest in after.items() if manifest != before[name]}
            self.assertEqual(changed, {"ConfigMap/r-loyalty", "Deployment/r-loyalty"})
            self.assertEqual(yaml.safe_load(after["ConfigMap/r-loyalty"]["data"]["config.yaml"])[
                "limits"], {"principals": ["shop=100 200"]})
            self.assertNotIn("minReadySeconds", after["Deployment/r-loyalty"]["spec"])

    def test_a_trial_can_be_called_as_the_page_says(self):
        commands = blocks(section(README, "## Try it"))[0]
        release = re.search(r"helm install (\S+)", commands)[1]
        service, port = re.search(r"port-forward .*svc/(\S+) (\d+)", commands).groups()
        ports = [port["port"] for m in helm.template(max(helm.programs()), release=release)
                 if m["kind"] == "Service" and m["metadata"]["name"] == service
                 for port in m["spec"]["ports"]]
        self.assertEqual(ports, [int(port)])
        command = re.search(rf"clientele --server 127.0.0.1:{port} (\w+ \w+)", commands)[1]
        suite.run_cli(*command.split(), "--help")


if __name__ == "__main__":
    suite.main()
