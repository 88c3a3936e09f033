"""The charts render and lint by Helm 3 and 4 with every file of the matrix, and say what is wrong
with values that cannot work."""
import subprocess
import unittest

import yaml

from tests.support import helm, suite

EXTERNAL, RESTRICTED, TLS, MTLS = (
    ("--values", str(helm.CHART / f"ci/{name}-values.yaml"))
    for name in ("external", "restricted", "tls", "mtls-cert-manager"))
# Values that cannot work: words of the sentence that says so.
WRONG = {
    "profile.replicas=3": ["replicas", "replicaCount"],
    "global.databse.host=db": ["databse", "database"],
    "complaint.enabled=false": ["complaint", "complaints"],
    "profile.config.log.levle=debug": ["levle", "level"],
    "loyalty.image.tga=v1": ["tga", "digest", "tag"],
    "global.config.log.level=loud": ["level", "warn"],
    "profile.config.grpc.address=[::]:1": ["grpc"],
    "loyalty.migrations.mode=never": ["mode", "manual"],
    "loyalty.image.digest=latest": ["digest"],
    "profile.peers.profile=x:1": ["peers"],
    "profile.replicaCount=2": ["profile:", "SQLite serves one pod",
                               "set embedded: false and database.host, or replicaCount: 1"],
    "global.autoscaling.enabled=true": ["SQLite serves one pod", "autoscaling.enabled: false"],
    "global.database.host=db": ["set embedded: false to use them, or remove them"],
    "global.redis.addresses={redis:6379}": ["neither PostgreSQL nor Redis", "redis.addresses"],
    "profile.migrations.mode=hook": ["is for PostgreSQL", "remove it"],
    "global.embedded=false": ["set database.host", "set tls.existingSecret", "insecure: true",
                              "kubectl create secret", "key.existingSecret"],
    "profile.tls.existingSecret=a,profile.tls.certManager.enabled=true,"
    "profile.tls.certManager.issuerRef.name=b": ["two sources", "not both"],
    "global.tls.certManager.enabled=true": ["tls.certManager.issuerRef.name"],
    "global.tls.clientAuth=require": ["tls.clientAuth: require needs TLS"],
    "global.auth.mode=any": ["set tls.clientAuth to require", "auth.jwt.existingSecret",
                             "auth.jwt.issuer"],
    "global.drainDelay=46s": ["set terminationGracePeriodSeconds to 61 or more"],
    "global.serviceAccount.name=a": [
        "complaints, loyalty, profile, segmentation would each make the ServiceAccount a",
        "serviceAccount.create: false"],
    "loyalty.fullnameOverride=points": ["set complaints.peers.loyalty to points:7003"],
    "profile.enabled=false": ["profile.enabled", "complaints.peers.profile"],
}
# The same beside the values of `external`.
WRONG_EXTERNAL = {
    "profile.database.tls.existingSecret=,profile.database.sslMode=verify-full":
        ["database.tls.existingSecret"],
    "global.insecure=false,global.tls.existingSecret=a": ["set auth.mode to mtls, jwt or any"],
    "global.redis.tls.existingSecret=": ["redis.tls.existingSecret"],
    "global.redis.tls.existingSecret=,global.redis.tls.clientCertificate=false":
        ["redis.tls.enabled needs the authority", "config.redis.tls_ca_file"],
    "global.autoscaling.enabled=true,global.autoscaling.minReplicas=9": ["exchange them"],
    "loyalty.autoscaling.enabled=true,loyalty.autoscaling.cpuPercent=null":
        ["autoscaling.cpuPercent or autoscaling.runningCalls"],
}
WRONG_TLS = {
    "loyalty.auth.token.existingSecret=":
        ["loyalty calls profile, which knows callers by tokens", "set auth.token.existingSecret"],
    # The files of the user's own, by which complaints and segmentation call profile.
    "global.auth.mode=any,global.tls.clientAuth=request,global.auth.token.existingSecret=,"
    "complaints.tls.existingSecret=segmentation-tls":
        ["complaints, segmentation show profile one certificate", "complaints.tls.existingSecret"],
}
WRONG_MTLS = {
    "global.tls.certManager.enabled=false,global.tls.existingSecret=a":
        ["complaints, loyalty, segmentation show profile one certificate",
         "tls.certManager.enabled: true"],
}
# Where a service by itself finds those that it calls: as in a release of all.
PEERS = {"segmentation": ["profile"], "loyalty": ["profile"], "complaints": ["profile", "loyalty"]}
PORTS = {"profile": 7001, "loyalty": 7003}


class Charts(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        helm.programs()

    def test_every_file_of_the_matrix_renders_and_lints_alike_by_each_helm(self):
        for path in helm.ci_values():
            rendered = []
            for version in helm.programs():
                with self.subTest(path.name, helm=version):
                    rendered.append(helm.template(version, "--values", str(path)))
                    done = helm.run(version, "lint", "--strict", "--values", str(path))
                    self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertTrue(all(other == rendered[0] for other in rendered), path.name)

    def test_the_matrix_has_what_operations_need(self):
        names = {path.name.removesuffix("-values.yaml") for path in helm.ci_values()}
        self.assertLessEqual({"default", "embedded", "external", "tls", "mtls-cert-manager", "hpa",
                              "network-policy", "monitoring", "restricted", "two-releases"}, names)

    def test_values_that_cannot_work_are_refused_with_what_to_do(self):
        for before, wrong in (((), WRONG), (EXTERNAL, WRONG_EXTERNAL), (TLS, WRONG_TLS),
                              (MTLS, WRONG_MTLS)):
            for values, words in wrong.items():
                for version in helm.programs():
                    with self.subTest(values, helm=version):
                        done = helm.run(version, "template", *before, "--set", values)
                        self.assertNotEqual(done.returncode, 0)
                        for word in words:
                            self.assertIn(word, done.stderr)

    def test_a_service_alone_must_be_told_where_those_are_that_it_calls(self):
        for service, peers in PEERS.items():
            done = helm.run(max(helm.programs()), "template", chart=f"clientele-{service}")
            self.assertNotEqual(done.returncode, 0)
            for peer in peers:
                self.assertIn(f"set peers.{peer} to where it is", done.stderr)

    def test_a_service_alone_renders_as_in_the_suite(self):
        told = {service: [f"peers.{peer}=r-{peer}:{PORTS[peer]}" for peer in PEERS.get(service, ())]
                for service in helm.SERVICES}
        together = helm.template(max(helm.programs()), "--set", ",".join(
            f"{service}.{value}" for service, values in told.items() for value in values))
        for service in helm.SERVICES:
            alone = helm.template(max(helm.programs()), "--set", ",".join(told[service]),
                                  chart=f"clientele-{service}")
            self.assertEqual(
                {helm.label(manifest): without_chart(manifest) for manifest in alone},
                {helm.label(manifest): without_chart(manifest) for manifest in together
                 if manifest["metadata"]["labels"]["app.kubernetes.io/name"] == service})

    def test_the_notes_say_where_everything_is_and_that_a_trial_is_one(self):
        every = ", ".join(sorted(helm.SERVICES))
        of_two = ["--set", "complaints.tls.existingSecret=a"]
        for service in ("segmentation", "loyalty"):
            of_two += ["--set", f"{service}.embedded=false,{service}.insecure=true,"
                       f"{service}.database.host=db,{service}.key.existingSecret=key"]
        for values, trials, clear in (
                ((), every, every), (RESTRICTED, None, every), (MTLS, None, None),
                (of_two, "complaints, profile", "loyalty, profile, segmentation")):
            notes = notes_of(*values)
            for address in ("r-profile:7001", "r-segmentation:7002", "r-complaints:7004",
                            "points:7003" if values == RESTRICTED else "r-loyalty:7003"):
                self.assertIn(f" {address} ", notes)
            self.assertEqual(said(notes, "THIS IS A TRIAL of ", ":"), trials)
            self.assertEqual(said(notes, "Calls in clear text come to ", "."), clear)
            self.assertEqual(said(notes, "Callers are not asked who they are by ", ":"),
                             None if values == MTLS else every)
        self.assertIn("helm show readme CHART", notes_of())

    def test_the_notes_say_how_to_call_and_what_servers_wait_for(self):
        notes = notes_of()
        self.assertIn("kubectl port-forward --namespace crm svc/r-profile 7001\n", notes)
        self.assertIn("clientele --server 127.0.0.1:7001 customers list\n", notes)
        for words in ("Secrets", "Jobs"):
            self.assertNotIn(words, notes)
        for name, values in (("restricted", RESTRICTED), ("external", EXTERNAL), ("tls", TLS),
                             ("mtls-cert-manager", MTLS)):
            notes = notes_of(*values)
            jobs = [m for m in helm.rendered(name) if m["kind"] == "Job"]
            migrated = sorted(job["metadata"]["labels"]["app.kubernetes.io/name"] for job in jobs)
            self.assertEqual(said(notes, "The servers of ", " are ready once their Jobs"),
                             ", ".join(migrated))
            labels = dict(word.split("=") for word in
                          said(notes, "jobs --selector ", "\n").split(","))
            for job in jobs:
                self.assertLessEqual(labels.items(), job["metadata"]["labels"].items())
            listed = [line.strip().split(": ") for line in
                      said(notes, "with these entries:\n", "\n\n").splitlines()]
            self.assertEqual({name: set(entries.split(", ")) for name, entries in listed},
                             secrets_of(helm.rendered(name)))

    def test_a_server_is_insecure_only_as_long_as_tls_or_auth_is_missing(self):
        tls = "profile.tls.existingSecret=a"
        auth = tls + ",profile.tls.clientAuth=require,profile.auth.mode=mtls"
        for values, insecure in ("", True), (tls, True), (auth, None):
            self.assertEqual(
                config_of(helm.template(max(helm.programs()), "--set", values),
                          "profile").get("insecure"), insecure, values)

    def test_callers_are_known_by_names_of_their_certificates(self):
        manifests = helm.template(max(helm.programs()), *MTLS, "--set",
                                  "complaints.fullnameOverride=desk")
        names = {m["metadata"]["name"]: m["spec"]["dnsNames"] for m in manifests
                 if m["kind"] == "Certificate"}
        self.assertIn("desk.crm.svc", names["desk"])
        self.assertEqual(len(names["r-loyalty"]), 6)
        known = dict(words.split("=") for words in
                     config_of(manifests, "profile")["auth"]["certificates"])
        for caller, certificate in (("complaints", "desk"), ("loyalty", "r-loyalty"),
                                    ("segmentation", "r-segmentation")):
            self.assertIn(known[caller], names[certificate])

    def test_a_service_that_is_not_wanted_leaves_nothing(self):
        manifests = helm.template(max(helm.programs()), "--set", "complaints.enabled=false")
        self.assertEqual({m["metadata"]["labels"]["app.kubernetes.io/name"] for m in manifests},
                         {"profile", "segmentation", "loyalty"})

    def test_an_upgrade_waits_longer_than_the_job_may_take(self):
        for name, manifests in helm.matrix():
            for manifest in manifests:
                if manifest["kind"] == "Deployment":
                    self.assertGreaterEqual(manifest["spec"]["progressDeadlineSeconds"],
                                            3600 + 600, name)
        longer = helm.template(max(helm.programs()), *EXTERNAL, "--set",
                               "profile.migrations.activeDeadlineSeconds=7200")
        self.assertEqual({m["spec"]["progressDeadlineSeconds"] for m in longer
                          if m["kind"] == "Deployment"}, {7200 + 600 + 60, 3600 + 600 + 60})

    def test_what_a_service_is_given_wins_over_what_all_are_given(self):
        manifests = helm.template(max(helm.programs()), *EXTERNAL, "--set",
                                  "global.replicaCount=3,loyalty.replicaCount=0")
        self.assertEqual({m["metadata"]["name"]: m["spec"]["replicas"] for m in manifests
                          if m["kind"] == "Deployment"},
                         {"r-profile": 3, "r-segmentation": 3, "r-loyalty": 0, "r-complaints": 3})

    def test_the_job_is_another_one_whenever_its_pods_are(self):
        def job(*values):
            manifests = helm.template(max(helm.programs()), *EXTERNAL, "--set", ",".join(values))
            return next(m["metadata"]["name"] for m in manifests
                        if m["kind"] == "Job" and "profile" in m["metadata"]["name"])

        same = "profile.replicaCount=5"  # no matter of the Job's
        self.assertRegex(job(same), r"^r-profile-migrate-[0-9a-f]{10}$")
        self.assertEqual(job(same), job("profile.drainDelay=7s"))
        names = {job(same), job("profile.image.tag=v9"), job("profile.database.port=6432"),
                 job("profile.database.migrate.user=another"), job("profile.migrations.attempt=2")}
        self.assertEqual(len(names), 5)
        # A hook is deleted before it comes again, by its name.
        self.assertEqual({job("profile.migrations.mode=hook", image) for image in
                          ("profile.image.tag=v9", "profile.image.tag=v10")}, {"r-profile-migrate"})

    def test_what_is_made_of_other_files_is_as_they_are(self):
        done = subprocess.run([suite.ROOT / "scripts/chart_files.py", "--check"], text=True,
                              capture_output=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)

    def test_a_service_has_little_of_its_own(self):
        for template in (suite.ROOT / "helm").glob("clientele-*/templates/*.yaml"):
            self.assertLessEqual(len(template.read_text().splitlines()), 15, template)


def config_of(manifests, service):
    """The configuration file of a service."""
    return yaml.safe_load(next(
        m["data"]["config.yaml"] for m in manifests
        if m["kind"] == "ConfigMap" and m["metadata"]["name"] == f"r-{service}"))


def notes_of(*values):
    """What Helm tells who has installed the suite with these values."""
    version = max(helm.programs())
    if version == 3:
        raise unittest.SkipTest("Helm 3 asks a cluster before it shows notes")
    done = helm.run(version, "install", "--dry-run=client", *values)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return done.stdout.partition("\nNOTES:\n")[2] + "\n"


def secrets_of(manifests):
    """The entries of each Secret that pods mount or pull by, without those of cert-manager."""
    made = {m["spec"]["secretName"] for m in manifests if m["kind"] == "Certificate"}
    found = {}
    for _, spec in filter(None, map(helm.pod_of, manifests)):
        for pull in spec.get("imagePullSecrets", []):
            found[pull["name"]] = {".dockerconfigjson"}
        for volume in spec.get("volumes", []):
            for source in volume.get("projected", {}).get("sources", []):
                found.setdefault(source["secret"]["name"], set()).update(
                    item["key"] for item in source["secret"]["items"])
    return {name: entries for name, entries in found.items() if name not in made}


def said(text, before, after):
    """What stands between two words; None when the first is not there."""
    return text.partition(before)[2].partition(after)[0] if before in text else None


def without_chart(manifest):
    """A manifest without the name of its chart, which is an alias in the suite."""
    def strip(value):
        if isinstance(value, dict):
            return {key: strip(child) for key, child in value.items() if key != "helm.sh/chart"}
        return [strip(child) for child in value] if isinstance(value, list) else value

    return strip(manifest)


if __name__ == "__main__":
    suite.main()
