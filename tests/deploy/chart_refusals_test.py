"""The charts refuse values that render and cannot work, or that nothing would read, and say what to
do; and take those that are nearly the same and work."""
import json
import subprocess
import unittest

from tests.support import helm, suite

EXTERNAL = ("--values", str(helm.CHART / "ci/external-values.yaml"))
NONE = ",".join(f"{service}.enabled=false" for service in helm.SERVICES)
DIGEST = "sha256:" + 64 * "1"
POD = {"podSelector": {}}
# Values by name that are refused: words of what is said. Beside those of a trial,
REFUSED = (
    ({"global.image.digest": DIGEST},
     ["global.image.digest would be one image for every service", "image.digest instead"]),
    ({"global.image.repository": "clientele"},
     ["global.image.repository would be one image", "registry and tag may be global"]),
    ({"global.image.registry": "https://r.example"}, ["registry", "pattern"]),
    ({"global.image.registry": "r.example/"}, ["registry", "pattern"]),
    ({"profile.image.repository": "clientele-profile:0.1.0"}, ["repository", "pattern"]),
    ({"profile.image.tag": "a/b"}, ["tag", "pattern"]),
    ({"global.resources.limits.memory": "lots"}, ["memory", "pattern"]),
    ({"global.resources.limits.memory": "1GB"}, ["memory", "pattern"]),
    ({"global.resources.requests.cpu": "100Mi"}, ["cpu", "pattern"]),
    ({"global.resources.limits.memoy": "1Gi"}, ["memoy", "memory"]),
    ({"global.resources.limits.memory": "100Mi"},
     ["resources.requests.memory: 256Mi is above resources.limits.memory: 100Mi",
      "set the limit to 256Mi or more, or the request to 100Mi or less"]),
    ({"loyalty.resources.requests.memory": "2Gi"}, ["loyalty: ", "set the limit to 2Gi or more"]),
    ({"profile.resources.limits.cpu": "99m"}, ["requests.cpu: 100m is above"]),
    ({"profile.config.limits.principals": ["x"]}, ["principals", "pattern"]),
    ({"global.tolerations": [{"keey": "X"}]}, ["keey", "tolerationSeconds"]),
    ({"global.tolerations": [{"key": "X", "effect": "NoShedule"}]}, ["effect", "PreferNoSchedule"]),
    ({"global.affinity": {"podAfinity": {}}}, ["podAfinity", "podAntiAffinity"]),
    ({"global.networkPolicy.callers": [{"podSelectr": {}}]}, ["podSelectr", "podSelector"]),
    ({"global.networkPolicy.callers": [{**POD, "namespaceSelectr": {"matchLabels": {"a": "b"}}}]},
     ["namespaceSelectr", "namespaceSelector"]),
    ({"global.networkPolicy.callers": [{"podSelector": {"matchLabel": {"a": "b"}}}]},
     ["matchLabel", "matchLabels"]),
    ({"global.networkPolicy.callers": [{}]}, ["callers"]),
    ({"global.networkPolicy.scrapers": [{**POD, "ipBlock": {"cidr": "10.1.0.0/16"}}]},
     ["scrapers"]),
    ({"global.networkPolicy.database": [{"ipBlock": {"cidr": "10.1.0.0/33"}}]}, ["cidr"]),
    ({"global.networkPolicy.redis": [{"ipBlock": {"cidr": "10.1.0.256/32"}}]}, ["cidr"]),
    ({"global.networkPolicy.redis": [{"ipBlock": {"cidr": "fd00::/129"}}]}, ["cidr"]),
    ({"global.networkPolicy.egress": [{"too": [POD]}]}, ["too", "ports"]),
    ({"clientele-common.replicaCount": 3},
     ["clientele: ", "remove clientele-common.replicaCount, and give replicaCount under global"]),
    ({"profile.clientele-common.drainDelay": "7s"}, ["profile: ", "give drainDelay under global"]),
    ({"global.redis.tls.enabled": True}, ["nothing reads redis.tls.enabled", "embedded: false"]),
    ({"global.database.name": "crm", "global.database.existingSecret": "k"},
     ["embedded: true uses neither", "nothing reads database.existingSecret, database.name:",
      "set embedded: false to use them, or remove them"]),
    ({"global.auth.grants": ["shop=shop"], "global.auth.jwt.issuer": "https://id.example"},
     ["auth.mode: none asks nobody who they are, so auth.grants, auth.jwt.issuer would restrict",
      "set auth.mode to mtls, jwt or any"]),
    ({"global.auth.mode": "mtls", "global.auth.roles": ["clerk=*", "clerk=profile.*"],
      "global.auth.grants": ["shop=clerk  clark"]},
     ["auth.roles: clerk is there twice: give all its permissions in one entry",
      'auth.grants: shop is granted "clark", which is not in auth.roles: add that role there']),
    ({"global.auth.mode": "mtls", "global.auth.roles": ["clerk=profile.* audit.red"],
      "global.auth.grants": ["shop=clerk", "token:ann=clerk"]},
     ['auth.roles: clerk: there is no permission "audit.red": take one of docs/security.md',
      "auth.grants: nobody can be shop: add shop=NAME to auth.certificates",
      "auth.grants: nobody can be token:ann: auth.mode mtls takes no tokens: set it to any"]),
    ({"profile.auth.mode": "jwt", "profile.auth.roles": ["clerk=*"],
      "profile.auth.grants": ["ann=clerk"]},
     ["auth.grants: nobody can be ann: add ann=NAME to auth.certificates, with a name of the",
      "or name token:SUBJECT, as whoever has a token is called"]),
    ({"profile.auth.mode": "mtls", "profile.auth.roles": ["clientele-loyalty=*"]},
     ["profile: ", "clientele-loyalty is there twice"]),
    ({"global.priorityClassName": "High Prio"}, ["riorityClassName", "pattern"]),
    ({"global.podLabels": {"bad label": "x"}}, ["bad label", "pattern"]),
    ({"global.podLabels": {"team": "a b"}}, ["team", "pattern"]),
    ({"global.podLabels": {"team": 64 * "a"}}, ["team", "pattern"]),
    ({"global.nodeSelector": {"disk": "ssd!"}}, ["disk", "pattern"]),
    ({"global.podAnnotations": {"a/b/c": "x"}}, ["a/b/c", "pattern"]),
    ({"dashboards.labels": {"team": "a b"}}, ["team", "pattern"]),
    ({"profile.serviceAccount.name": "My_Account"}, ["name", "pattern"]),
    ({"global.serviceAccount.annotations": {"a b": "x"}}, ["a b", "pattern"]),
    ({"global.persistence.storageClass": "Fast Disk"}, ["torageClass", "pattern"]),
    ({"profile.persistence.existingClaim": "Claim"}, ["xistingClaim", "pattern"]),
    ({"global.persistence.existingClaim": "claim"},
     ["global.persistence.existingClaim would be one volume for every service",
      ".persistence.existingClaim instead"]),
    ({"global.extraEnv": [{"name": "A=B", "value": "x"}]}, ["name", "pattern"]),
    ({"global.key.existingSecret": "A_B"}, ["xistingSecret", "pattern"]),
    ({"global.key.secretKey": "a/b"}, ["secretKey", "pattern"]),
    ({"global.image.pullSecrets": ["A_B"]}, ["pullSecrets", "pattern"]),
    ({"global.tolerations": [{"key": "a", "operator": "Exists", "value": "b"}]},
     ["operator: Exists is for every value: remove value: b", "or set operator: Equal"]),
    ({"global.tolerations": [{"value": "b"}]}, ["give it a key, or set operator: Exists"]),
    ({"global.tolerations": [{"operator": "Exists", "tolerationSeconds": 60}]},
     ["set effect: NoExecute, or remove tolerationSeconds"]),
    ({"global.networkPolicy.egress": [{"ports": [{"port": "my port"}]}]}, ["port", "pattern"]),
    ({"global.networkPolicy.egress": [{"ports": [{"port": "8080"}]}]}, ["port", "pattern"]),
    ({"global.networkPolicy.callers": [{"podSelector": {"matchLabels": {"a": "b c"}}}]},
     ["pattern"]),
)
# and beside those of `external`.
REFUSED_EXTERNAL = (
    ({"global.database.host": "h:5432"}, ["host", "pattern"]),
    ({"global.database.host": "postgresql://h/x"}, ["host", "pattern"]),
    ({"global.redis.addresses": []}, ["Without redis.addresses nothing reads redis.cluster, ",
                                      "redis.tls.enabled", "set redis.addresses to where"]),
    ({"global.redis.tls.enabled": False},
     ["Redis would go in clear text, since redis.tls.clientCertificate, redis.tls.existingSecret",
      "set redis.tls.enabled: true"]),
    ({"global.podDisruptionBudget.maxUnavailable": 5},
     ["maxUnavailable: 5 lets a drain take all of 2 pods", "set it below replicaCount, or to 1"]),
    ({"global.podDisruptionBudget.maxUnavailable": 3, "global.autoscaling.enabled": True,
      "global.autoscaling.minReplicas": 3}, ["set it below autoscaling.minReplicas"]),
)
TAKEN = (
    {"global.image.registry": "r.example:5000/crm/suite", "global.image.tag": "v1"},
    {"profile.image.repository": "crm/clientele-profile", "profile.image.digest": DIGEST},
    {"global.resources.requests.memory": "1.5Gi", "global.resources.limits.memory": 1610612736},
    {"global.resources.requests.cpu": 0.1, "global.resources.limits.cpu": "100m",
     "global.resources.limits.nvidia\\.com/gpu": 1},
    {"global.resources.limits.memory": None},
    {"global.networkPolicy.callers": [{**POD, "namespaceSelector": {"matchExpressions": [
        {"key": "team", "operator": "In", "values": ["crm"]}]}}, {"ipBlock": {
            "cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}}, {"ipBlock": {"cidr": "fd00::/8"}}]},
    {"global.networkPolicy.egress": [{"to": [POD], "ports": [{"port": 443, "protocol": "TCP"}]}]},
    {"global.tolerations": [
        {"operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 60},
        {"operator": "Exists", "value": ""}, {"key": "a", "value": "b"}],
     "global.affinity": {"podAntiAffinity": {
         "preferredDuringSchedulingIgnoredDuringExecution": []}}},
    {"global.podLabels": {"team.example/crm": "A_b.c-1", "empty": ""},
     "global.nodeSelector": {"kubernetes.io/arch": "amd64"},
     "global.podAnnotations": {"Team.example/x": "any text, at all"},
     "global.priorityClassName": "system-cluster-critical"},
    {"profile.persistence.existingClaim": "claim.of-1", "global.persistence.storageClass": "1.fast",
     "profile.serviceAccount.name": "my.account", "global.image.pullSecrets": ["a.b-c"],
     "global.extraEnv": [{"name": "_a.B-1", "value": "="}]},
    {"global.networkPolicy.egress": [{"ports": [{"port": "1-https"}, {"port": "a"}]}]},
)
# Names of a release and whether its Services can be called so.
NAMES = {"my.crm": False, "1crm": False, "crm-2": True, "c": True}
TAKEN_EXTERNAL = (
    {"global.database.host": "fd00::1"},
    {"global.database.host": "pg-0.example,pg-1.example"},
    {"global.replicaCount": 1},
    {"global.podDisruptionBudget.maxUnavailable": 2, "global.replicaCount": 3},
    {"global.podDisruptionBudget.maxUnavailable": 2, "global.replicaCount": 0},
    {"global.redis.tls.existingSecret": "", "global.redis.tls.clientCertificate": False,
     "global.config.redis.tls_ca_file": "/etc/ssl/certs/ca-certificates.crt"},
    {"complaints.redis.addresses": []},
    {"complaints.redis.tls.enabled": False},
    {"global.resources.requests.cpu": ".5", "global.resources.limits.memory": "2000e6"},
)
# Entries of limits.principals and whether a server takes them.
PRINCIPALS = {"x": False, "a=0": False, "a=1000001": False, "=3": False, " =3": False,
              "a=1 2 3": False, "a=1": True, "a=b=10 20": True, "a= 3  4 ": True, "a=1000000": True}


def flags_of(values):
    return [word for name, value in values.items()
            for word in ("--set-json", f"{name}={json.dumps(value)}")]


class Refusals(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        helm.programs()

    def test_values_that_cannot_work_or_do_nothing_are_refused_with_what_to_do(self):
        for before, refused in (((), REFUSED), (EXTERNAL, REFUSED_EXTERNAL)):
            for values, words in refused:
                for version in helm.programs():
                    with self.subTest(values, helm=version):
                        done = helm.run(version, "template", *before, *flags_of(values))
                        self.assertNotEqual(done.returncode, 0)
                        for word in words:
                            self.assertIn(word, done.stderr)

    def test_what_is_nearly_the_same_and_works_is_taken(self):
        for before, taken in (((), TAKEN), (EXTERNAL, TAKEN_EXTERNAL)):
            for values in taken:
                for version in helm.programs():
                    with self.subTest(values, helm=version):
                        done = helm.run(version, "template", *before, *flags_of(values))
                        self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_release_has_something_in_it(self):
        for version in helm.programs():
            done = helm.run(version, "template", "--set", NONE)
            self.assertIn("The release would have nothing in it: set complaints.enabled",
                          done.stderr)
            rules = helm.template(version, "--set", NONE + ",prometheusRule.enabled=true")
            self.assertEqual({m["kind"] for m in rules}, {"PrometheusRule"})

    def test_a_release_is_called_as_its_services_can_be(self):
        for version in helm.programs():
            for name, is_taken in NAMES.items():
                with self.subTest(name, helm=version):
                    done = helm.run(version, "template", release=name)
                    self.assertEqual(done.returncode == 0, is_taken, done.stderr)
                    self.assertEqual(f"give the release another name than {name}," in done.stderr,
                                     not is_taken)
                    done = helm.run(version, "template", "--set", "fullnameOverride=crm",
                                    chart="clientele-profile", release=name)
                    self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_chart_of_a_service_takes_nothing_for_all_or_for_the_library(self):
        for version in helm.programs():
            for values, words in (("clientele-common.replicaCount=1", "remove clientele-common."),
                                  ("global.image.repository=x", ": set image.repository instead")):
                done = helm.run(version, "template", "--set", values, chart="clientele-profile")
                self.assertIn(words, done.stderr)

    def test_an_upgrade_that_keeps_old_defaults_is_told_how_not_to(self):
        for version in helm.programs():
            for prefix in ("", "profile."):
                values = prefix + "clientele-common.drainDelay=4s"
                for flags, says in (((), self.assertNotIn), (("--is-upgrade",), self.assertIn)):
                    done = helm.run(version, "template", "--set", values, *flags)
                    self.assertNotEqual(done.returncode, 0)
                    says("use --reset-then-reuse-values", done.stderr)

    def test_the_library_is_not_among_the_names_that_may_stand_at_the_top(self):
        for version in helm.programs():
            for chart in ("clientele", "clientele-profile"):
                done = helm.run(version, "template", "--set", "replcas=3", chart=chart)
                self.assertIn("replcas", done.stderr)
                self.assertIn("global", done.stderr)
                self.assertNotIn("clientele-common", done.stderr)

    def test_images_of_the_matrix_differ_from_service_to_service(self):
        for name, manifests in helm.matrix():
            images = [helm.pod_of(manifest)[1]["containers"][0]["image"].split("@")
                      for manifest in manifests if manifest["kind"] == "Deployment"]
            for part in zip(*images, strict=True):  # what stands before the digest, and the digest
                self.assertEqual(len(set(part)), len(images), name)

    def test_limits_of_principals_are_those_that_a_server_takes(self):
        for entry, is_taken in PRINCIPALS.items():
            with self.subTest(entry):
                done = helm.run(max(helm.programs()), "template", *flags_of(
                    {"profile.config.limits.principals": [entry]}))
                server = subprocess.run(
                    [f"{suite.binary()}-profile", "check-config", "--set",
                     f"limits.principals={entry}"], capture_output=True, text=True, check=False)
                self.assertEqual((done.returncode == 0, server.returncode == 0),
                                 (is_taken, is_taken), done.stderr + server.stderr)


if __name__ == "__main__":
    suite.main()
