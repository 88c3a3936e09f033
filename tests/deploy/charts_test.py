"""The charts render and lint by Helm 3 and 4 with every file of the matrix, and say what is wrong
with values that cannot work."""
import subprocess
import unittest

from tests.support import helm, suite

EXTERNAL = ("--values", str(helm.CHART / "ci/external-values.yaml"))
RESTRICTED = ("--values", str(helm.CHART / "ci/restricted-values.yaml"))
# Values that cannot work: words of the sentence that says so.
WRONG = {
    "profile.replicas=3": ["replicas"],
    "global.databse.host=db": ["databse"],
    "complaint.enabled=false": ["complaint"],
    "profile.config.log.levle=debug": ["levle"],
    "global.config.log.level=loud": ["level", "warn"],
    "profile.config.grpc.address=[::]:1": ["grpc"],
    "loyalty.migrations.mode=never": ["mode", "manual"],
    "loyalty.image.digest=latest": ["digest"],
    "profile.peers.profile=x:1": ["peers"],
    "profile.replicaCount=2": ["profile:", "SQLite serves one pod",
                               "set embedded: false and database.host, or replicaCount: 1"],
    "global.autoscaling.enabled=true": ["SQLite serves one pod", "autoscaling.enabled: false"],
    "global.database.host=db": ["set embedded: false to use them, or remove them"],
    "global.redis.addresses={redis:6379}": ["neither database.host nor redis.addresses"],
    "profile.migrations.mode=hook": ["is for PostgreSQL", "remove it"],
    "global.embedded=false": ["set database.host", "set tls.existingSecret", "insecure: true",
                              "kubectl create secret", "key.existingSecret"],
    "profile.tls.existingSecret=a,profile.tls.certManager.enabled=true,"
    "profile.tls.certManager.issuerRef.name=b": ["two sources", "not both"],
    "global.tls.certManager.enabled=true": ["tls.certManager.issuerRef.name"],
    "global.tls.clientAuth=require": ["tls.clientAuth: require needs TLS"],
    "global.auth.mode=any": ["set tls.clientAuth to require", "auth.jwt.existingSecret",
                             "auth.jwt.issuer"],
    "global.drainDelay=60s": ["terminationGracePeriodSeconds above drainDelay"],
    "profile.enabled=false": ["profile.enabled", "complaints.peers.profile"],
}
# The same beside the values of `external`.
WRONG_EXTERNAL = {
    "profile.database.tls.existingSecret=,profile.database.sslMode=verify-full":
        ["database.tls.existingSecret"],
    "global.insecure=false,global.tls.existingSecret=a": ["set auth.mode to mtls, jwt or any"],
    "global.redis.tls.existingSecret=": ["redis.tls.existingSecret"],
    "global.autoscaling.enabled=true,global.autoscaling.minReplicas=9": ["exchange them"],
    "loyalty.autoscaling.enabled=true,loyalty.autoscaling.cpuPercent=null":
        ["autoscaling.cpuPercent or autoscaling.runningCalls"],
}


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
        for before, wrong in (((), WRONG), (EXTERNAL, WRONG_EXTERNAL)):
            for values, words in wrong.items():
                for version in helm.programs():
                    with self.subTest(values, helm=version):
                        done = helm.run(version, "template", *before, "--set", values)
                        self.assertNotEqual(done.returncode, 0)
                        for word in words:
                            self.assertIn(word, done.stderr)

    def test_a_service_alone_renders_as_in_the_suite(self):
        together = helm.rendered("default")
        for service in helm.SERVICES:
            alone = helm.template(max(helm.programs()), chart=f"clientele-{service}")
            self.assertEqual(
                {helm.label(manifest): without_chart(manifest) for manifest in alone},
                {helm.label(manifest): without_chart(manifest) for manifest in together
                 if manifest["metadata"]["labels"]["app.kubernetes.io/name"] == service})

    def test_the_notes_say_where_everything_is_and_that_a_trial_is_one(self):
        version = max(helm.programs())
        if version == 3:
            self.skipTest("Helm 3 asks a cluster before it shows notes")
        for values, is_trial in (((), True), (RESTRICTED, False)):
            done = helm.run(version, "install", "--dry-run=client", *values)
            notes = done.stdout.partition("\nNOTES:\n")[2]
            for address in ("r-profile:7001", "r-segmentation:7002", "r-complaints:7004",
                            "r-loyalty:7003" if is_trial else "points:7003"):
                self.assertIn(f" {address} ", notes, done.stderr)
            self.assertEqual("THIS IS A TRIAL" in notes, is_trial)

    def test_a_service_that_is_not_wanted_leaves_nothing(self):
        manifests = helm.template(max(helm.programs()), "--set", "complaints.enabled=false")
        self.assertEqual({m["metadata"]["labels"]["app.kubernetes.io/name"] for m in manifests},
                         {"profile", "segmentation", "loyalty"})

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
                 job("profile.database.migrate.user=another")}
        self.assertEqual(len(names), 4)

    def test_what_is_made_of_other_files_is_as_they_are(self):
        done = subprocess.run([suite.ROOT / "scripts/chart_files.py", "--check"], text=True,
                              capture_output=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)

    def test_a_service_has_little_of_its_own(self):
        for template in (suite.ROOT / "helm").glob("clientele-*/templates/*.yaml"):
            self.assertLessEqual(len(template.read_text().splitlines()), 15, template)


def without_chart(manifest):
    """A manifest without the name of its chart, which is an alias in the suite."""
    def strip(value):
        if isinstance(value, dict):
            return {key: strip(child) for key, child in value.items() if key != "helm.sh/chart"}
        return [strip(child) for child in value] if isinstance(value, list) else value

    return strip(manifest)


if __name__ == "__main__":
    suite.main()
