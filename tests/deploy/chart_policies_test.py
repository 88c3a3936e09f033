"""What every rendered manifest keeps to: Pod Security, references that lead somewhere, selectors
that select, names that fit, secrets that are the user's own."""
import collections
import copy
import json
import re
import unittest

from tests.support import helm, pod_security, suite

NAME = re.compile(r"[a-z]([-a-z0-9.]*[a-z0-9])?")
NAME_CHARACTERS_MAX = 63
# How long gRPC waits between two look-ups of a name, and how long a DNS may repeat an answer.
LOOK_UP_SECONDS, DNS_SECONDS = 30, 30
# Secrets that the matrix says exist.
SECRETS = re.compile(r"clientele-(key|kek|database|owner|redis|jwks|token)|profile-database|"
                     r"postgres-ca|(redis|profile|segmentation|loyalty|complaints)-tls")


def matches(selector, labels):
    return selector.items() <= labels.items()


class Policies(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        helm.programs()

    def pods(self):
        """(a name to tell it by, labels, spec, all manifests) of each pod of the matrix."""
        for name, manifests in helm.matrix():
            for manifest in manifests:
                pod = helm.pod_of(manifest)
                if pod:
                    yield f"{name}: {helm.label(manifest)}", *pod, manifests

    def test_every_pod_is_restricted(self):
        seen = 0
        for name, _, spec, _ in self.pods():
            seen += 1
            self.assertEqual(pod_security.violations(spec), [], name)
            self.assertEqual(spec["automountServiceAccountToken"], False, name)
            self.assertEqual(spec["enableServiceLinks"], False, name)
            for container in pod_security.containers_of(spec):
                self.assertTrue(container["securityContext"]["readOnlyRootFilesystem"], name)
                self.assertIn("memory", container["resources"]["limits"], name)
                self.assertIn("cpu", container["resources"]["requests"], name)
        self.assertGreater(seen, 100)

    def test_what_a_container_says_last_is_said_of_its_pod(self):
        for name, _, spec, _ in self.pods():
            for container in pod_security.containers_of(spec):
                self.assertEqual(container["terminationMessagePolicy"], "FallbackToLogsOnError",
                                 f"{name}: {container['name']}")

    def test_callers_know_a_new_pod_before_the_next_one_goes(self):
        seen = 0
        for name, manifests in helm.matrix():
            for spec in (m["spec"] for m in manifests if m["kind"] == "Deployment"):
                if spec["strategy"]["type"] == "Recreate":
                    self.assertNotIn("minReadySeconds", spec, name)
                    continue
                seen += 1
                self.assertEqual(spec["strategy"]["rollingUpdate"],
                                 {"maxSurge": 1, "maxUnavailable": 0}, name)
                self.assertGreaterEqual(spec["minReadySeconds"], LOOK_UP_SECONDS + DNS_SECONDS)
                self.assertGreaterEqual(spec["progressDeadlineSeconds"],
                                        3600 + 600 + spec["minReadySeconds"], name)
        self.assertGreater(seen, 10)
        for seconds in (0, 4000):
            manifests = helm.template(
                max(helm.programs()), "--values", str(helm.CHART / "ci/external-values.yaml"),
                "--set", f"global.minReadySeconds={seconds}")
            for spec in (m["spec"] for m in manifests if m["kind"] == "Deployment"):
                self.assertEqual(spec.get("minReadySeconds", 0), seconds)
                self.assertEqual(spec["progressDeadlineSeconds"], 3600 + 600 + seconds)

    def test_what_is_not_restricted_is_found(self):
        _, good = next(helm.pod_of(m) for m in helm.rendered("default") if helm.pod_of(m))
        self.assertEqual(pod_security.violations(good), [])
        spoiled = [
            lambda pod, _: pod.update(hostNetwork=True),
            lambda pod, _: pod["volumes"].append({"name": "host", "hostPath": {"path": "/"}}),
            lambda pod, _: pod["securityContext"].pop("runAsNonRoot"),
            lambda pod, _: pod["securityContext"].pop("seccompProfile"),
            lambda pod, _: pod["securityContext"].update(runAsUser=0),
            lambda _, own: own.pop("capabilities"),
            lambda _, own: own.pop("allowPrivilegeEscalation"),
            lambda _, own: own.update(privileged=True),
            lambda _, own: own["capabilities"].update(add=["SYS_ADMIN"]),
        ]
        for spoil in spoiled:
            spec = copy.deepcopy(good)
            spoil(spec, pod_security.containers_of(spec)[0]["securityContext"])
            self.assertNotEqual(pod_security.violations(spec), [], spec)

    def test_no_variable_port_mount_or_volume_is_said_twice(self):
        for name, _, spec, _ in self.pods():
            lists = [[volume["name"] for volume in spec.get("volumes", [])]]
            for container in pod_security.containers_of(spec):
                lists += [[variable["name"] for variable in container.get("env", [])],
                          [mount["mountPath"] for mount in container.get("volumeMounts", [])],
                          [port["name"] for port in container.get("ports", [])],
                          [port["containerPort"] for port in container.get("ports", [])]]
            for values in lists:
                self.assertEqual(len(values), len(set(values)), f"{name}: {values}")

    def test_a_variable_of_the_users_replaces_the_charts(self):
        spec = next(spec for name, _, spec, _ in self.pods()
                    if name == "external: Deployment/r-profile")
        self.assertEqual(spec["containers"][0]["env"], [
            {"name": "CLIENTELE_PROFILE_REPLICA_NAME", "value": "fixed"},
            {"name": "CLIENTELE_PROFILE_LOG_LEVEL", "value": "warn"}])

    def test_what_a_pod_names_is_there(self):
        for name, _, spec, manifests in self.pods():
            made = {(m["kind"], m["metadata"]["name"]) for m in manifests}
            issued = {m["spec"]["secretName"] for m in manifests if m["kind"] == "Certificate"}
            volumes = {volume["name"]: volume for volume in spec.get("volumes", [])}
            for container in pod_security.containers_of(spec):
                for mount in container.get("volumeMounts", []):
                    self.assertIn(mount["name"], volumes, name)
            account = ("ServiceAccount", spec["serviceAccountName"])
            self.assertTrue(account in made or account[1] in ("clientele", "default"), name)
            for kind, referred in self.references(volumes.values()):
                if kind == "Secret":
                    self.assertTrue(referred in issued or SECRETS.fullmatch(referred),
                                    f"{name}: {referred}")
                elif referred != "loyalty-claim":  # the user's
                    self.assertIn((kind, referred), made, name)

    @staticmethod
    def references(volumes):
        for volume in volumes:
            if "configMap" in volume:
                yield "ConfigMap", volume["configMap"]["name"]
            if "persistentVolumeClaim" in volume:
                yield "PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"]
            for source in volume.get("projected", {}).get("sources", []):
                yield "Secret", source["secret"]["name"]

    def test_files_of_secrets_are_for_the_pods_group_alone(self):
        seen = 0
        for name, _, spec, _ in self.pods():
            self.assertEqual(spec["securityContext"]["fsGroupChangePolicy"], "OnRootMismatch", name)
            for volume in spec.get("volumes", []):
                if "projected" in volume:
                    seen += 1
                    self.assertEqual(volume["projected"]["defaultMode"], 0o440, name)
        self.assertGreater(seen, 40)

    def test_no_secret_is_made_and_no_value_looks_like_one(self):
        for name, manifests in helm.matrix():
            self.assertNotIn("Secret", {m["kind"] for m in manifests}, name)
            for word in re.findall(r"(?i)password[a-z_]*[=:]\s*(\S+)", json.dumps(manifests)):
                self.assertTrue(word.startswith(("/etc/clientele/secrets/", "\\n")),
                                f"{name}: {word}")

    def test_every_selector_finds_its_pods_and_no_others(self):
        for name, manifests in helm.matrix():
            pods = [pod for manifest in manifests if (pod := helm.pod_of(manifest))]
            for manifest in manifests:
                selector = self.selector_of(manifest)
                if selector is None:
                    continue
                found = [labels for labels, _ in pods if matches(selector, labels)]
                component = {labels["app.kubernetes.io/component"] for labels in found}
                services = {labels["app.kubernetes.io/name"] for labels in found}
                self.assertEqual(len(services), 1, f"{name}: {helm.label(manifest)}")
                self.assertEqual(services,
                                 {manifest["metadata"]["labels"]["app.kubernetes.io/name"]})
                if manifest["kind"] != "NetworkPolicy":
                    self.assertEqual(component, {"server"}, f"{name}: {helm.label(manifest)}")

    @staticmethod
    def selector_of(manifest):
        spec = manifest.get("spec", {})
        if manifest["kind"] == "Service":
            return spec["selector"]
        if manifest["kind"] in ("Deployment", "PodDisruptionBudget"):
            return spec["selector"]["matchLabels"]
        return spec["podSelector"]["matchLabels"] if manifest["kind"] == "NetworkPolicy" else None

    def test_probes_ask_the_ops_port(self):
        for name, _, spec, _ in self.pods():
            for container in spec["containers"]:
                if container["name"] != "serve":
                    continue
                ports = {port["name"]: port["containerPort"] for port in container["ports"]}
                paths = {probe: container[probe]["httpGet"] for probe in
                         ("startupProbe", "livenessProbe", "readinessProbe")}
                self.assertEqual({probe: get["path"] for probe, get in paths.items()},
                                 {"startupProbe": "/startupz", "livenessProbe": "/livez",
                                  "readinessProbe": "/readyz"}, name)
                self.assertEqual({ports[get["port"]] for get in paths.values()}, {ports["ops"]},
                                 name)

    def test_names_fit_however_long_the_release_is_called(self):
        long = "a-release-with-a-name-as-long-as-helm-lets-it-be-x-53"
        self.assertEqual(len(long), 53)
        for name in ("default", "external", "monitoring", "hpa"):
            values = ("--values", str(helm.CHART / f"ci/{name}-values.yaml"))
            manifests = helm.template(max(helm.programs()), *values, release=long)
            for manifest in manifests:
                self.assertRegex(manifest["metadata"]["name"], NAME)
                self.assertLessEqual(len(manifest["metadata"]["name"]), NAME_CHARACTERS_MAX)
                for value in manifest["metadata"]["labels"].values():
                    self.assertLessEqual(len(value), NAME_CHARACTERS_MAX)
            names = collections.Counter(helm.label(manifest) for manifest in manifests)
            self.assertEqual(max(names.values()), 1, names.most_common(1))

    def test_two_releases_share_a_namespace_and_nothing_in_it(self):
        values = ("--values", str(helm.CHART / "ci/two-releases-values.yaml"))
        first, second = (helm.template(max(helm.programs()), *values, release=name)
                         for name in ("one", "two"))
        self.assertEqual({helm.label(m) for m in first} & {helm.label(m) for m in second}, set())
        pods = [pod for manifest in second if (pod := helm.pod_of(manifest))]
        for manifest in first:
            selector = self.selector_of(manifest)
            if selector is not None:
                self.assertFalse(any(matches(selector, labels) for labels, _ in pods))
        prefixes = [set(re.findall(r"key_prefix: (\S+)", "\n".join(
            m["data"]["config.yaml"] for m in release if m["kind"] == "ConfigMap")))
                    for release in (first, second)]
        self.assertEqual(prefixes, [{"crm-one"}, {"crm-two"}])

    def test_labels_and_names_are_texts_however_the_release_is_called(self):
        manifests = helm.template(max(helm.programs()), "--namespace", "1e3", release="no")
        for manifest in manifests:
            metadata = manifest["metadata"]
            pod_labels, _ = helm.pod_of(manifest) or ({}, None)
            for value in (metadata["name"], metadata["namespace"], *metadata["labels"].values(),
                          *pod_labels.values(), *(self.selector_of(manifest) or {}).values()):
                self.assertIsInstance(value, str, helm.label(manifest))

    def test_labels_of_the_users_come_beside_the_charts(self):
        given = {"app.kubernetes.io/name": "mine", "team": "crm"}
        flags = [word for name in ("global.podLabels", "global.serviceMonitor.labels",
                                   "prometheusRule.labels", "dashboards.labels")
                 for word in ("--set-json", f"{name}={json.dumps(given)}")]
        flags += ["--set-json", 'global.podAnnotations={"clientele/config": "mine", "team": "crm"}']
        monitoring = ("--values", str(helm.CHART / "ci/monitoring-values.yaml"))
        manifests = helm.template(max(helm.programs()), *monitoring, *flags)
        labelled = [m["metadata"]["labels"] for m in manifests
                    if m["kind"] in ("ServiceMonitor", "PrometheusRule")]
        for manifest in manifests:
            if manifest["kind"] == "Deployment":
                metadata = manifest["spec"]["template"]["metadata"]
                labelled.append(metadata["labels"])
                self.assertEqual(metadata["annotations"]["team"], "crm")
                self.assertRegex(metadata["annotations"]["clientele/config"], "^[0-9a-f]{64}$")
        self.assertEqual(len(labelled), 2 * len(helm.SERVICES) + 3)
        for labels in labelled:
            self.assertEqual(labels["team"], "crm")
            self.assertIn(labels["app.kubernetes.io/name"], ("clientele", *helm.SERVICES))

    def test_the_autoscaler_alone_says_how_many(self):
        manifests = helm.rendered("hpa")
        for manifest in manifests:
            if manifest["kind"] == "Deployment":
                self.assertNotIn("replicas", manifest["spec"])
        self.assertEqual(sum(m["kind"] == "HorizontalPodAutoscaler" for m in manifests), 4)

    def test_nothing_comes_in_or_goes_out_but_by_a_named_opening(self):
        policies = {m["metadata"]["name"]: m["spec"] for m in helm.rendered("network-policy")
                    if m["kind"] == "NetworkPolicy"}
        self.assertEqual(set(policies), {"r-profile", "r-loyalty", "r-complaints"})
        for name, spec in policies.items():
            self.assertEqual(spec["policyTypes"], ["Ingress", "Egress"], name)
            for rule in spec["ingress"]:
                self.assertTrue(rule["from"] and rule["ports"], name)
        complaints = policies["r-complaints"]
        self.assertEqual([port["port"] for rule in complaints["egress"] for port in rule["ports"]],
                         [53, 53, 7001, 7003, 7004, 6432, 6380])
        self.assertEqual(len(complaints["ingress"][0]["from"]), 1)  # the suite's own
        self.assertEqual(len(policies["r-profile"]["ingress"][0]["from"]), 2)

    def test_a_hook_comes_with_its_own_opening_to_the_database(self):
        new = helm.template(max(helm.programs()), "--values", str(
            helm.CHART / "ci/restricted-values.yaml"), "--set", "profile.database.port=6543")
        job, policy = ({m["kind"]: m for m in new if m["metadata"]["name"] == "r-profile-migrate"}[
            kind] for kind in ("Job", "NetworkPolicy"))
        self.assertIn("pre-upgrade", policy["metadata"]["annotations"]["helm.sh/hook"])
        self.assertTrue(matches(self.selector_of(policy), helm.pod_of(job)[0]))
        self.assertIn({"ports": [{"port": 6543}]}, policy["spec"]["egress"])

    def test_a_service_of_another_release_is_reached_wherever_it_runs(self):
        manifests = helm.template(
            max(helm.programs()), "--set", "peers.profile=crm-profile.other.svc:7001",
            chart="clientele-segmentation")
        spec = next(m["spec"] for m in manifests if m["kind"] == "NetworkPolicy")
        to_profile = next(rule for rule in spec["egress"]
                          if {"port": 7001} in rule["ports"])["to"]
        self.assertEqual(to_profile, [{"namespaceSelector": {}, "podSelector": {"matchLabels": {
            "app.kubernetes.io/name": "profile", "app.kubernetes.io/part-of": "clientele"}}}])


if __name__ == "__main__":
    suite.main()
