"""A real Kubernetes API takes every manifest of the matrix in a namespace of Pod Security
*restricted*, with strict field validation and without a warning.

Skipped without kube-apiserver (support/kubernetes_api.py). What CRDs define is left out: it has none.
"""
import copy
import unittest

from tests.support import helm, suite
from tests.support.kubernetes_api import KubernetesApi

NAMESPACE = "restricted"
LABELS = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "warn")}
DEFINED_BY_CRDS = ("monitoring.coreos.com/", "cert-manager.io/")


class Admission(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        helm.programs()
        cls.api = cls.enterClassContext(KubernetesApi())
        cls.api.make_namespace(NAMESPACE, LABELS)

    def objections(self, manifest):
        manifest = copy.deepcopy(manifest)
        manifest["metadata"].pop("namespace", None)
        return self.api.objections(NAMESPACE, manifest)

    def test_it_takes_every_manifest(self):
        for name, manifests in helm.matrix():
            for manifest in manifests:
                if manifest["apiVersion"].startswith(DEFINED_BY_CRDS):
                    continue
                with self.subTest(name, manifest=helm.label(manifest)):
                    self.assertEqual(self.objections(manifest), [])

    def test_it_takes_every_pod(self):
        for name, manifests in helm.matrix():
            for manifest in manifests:
                pod = helm.pod_of(manifest)
                if pod is None:
                    continue
                labels, spec = pod
                with self.subTest(name, manifest=helm.label(manifest)):
                    self.assertEqual(self.objections({
                        "apiVersion": "v1", "kind": "Pod",
                        "metadata": {"name": "one", "labels": labels},
                        "spec": {"restartPolicy": "Always", **spec}}), [])

    def test_it_has_something_against_what_is_wrong(self):
        deployment = next(manifest for manifest in helm.rendered("default")
                          if manifest["kind"] == "Deployment")

        def changed(change):
            manifest = copy.deepcopy(deployment)
            change(manifest["spec"]["template"]["spec"]["containers"][0], manifest)
            return " ".join(self.objections(manifest))

        self.assertIn("unknown field", changed(
            lambda container, _: container.update({"imagePullPolice": "Always"})))
        self.assertIn("would violate PodSecurity", changed(
            lambda container, _: container["securityContext"].pop("allowPrivilegeEscalation")))
        self.assertIn("selector", changed(
            lambda _, manifest: manifest["spec"]["selector"].update({"matchLabels": {"a": "b"}})))


if __name__ == "__main__":
    suite.main()
