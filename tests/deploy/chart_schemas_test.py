"""Every rendered manifest is one that Kubernetes 1.29 and each later version takes: by the JSON
Schemas of their API, which know every field, and for custom resources by those in crds/.

Needs Debian's python3-jsonschema. Kubernetes' schemas are in $CLIENTELE_KUBERNETES_SCHEMAS, else
where scripts/chart_tools.sh puts them.
"""
import copy
import functools
import json
import os
import pathlib
import re
import unittest

import jsonschema

from tests.support import helm, suite

CRDS = pathlib.Path(__file__).with_name("crds")
FIRST = (1, 29)
DEFINITIONS = "https://kubernetes.io/api/_definitions.json"


@functools.cache
def versions():
    """Folders of schemas by the version of Kubernetes, from the first that the charts support."""
    root = pathlib.Path(os.environ.get("CLIENTELE_KUBERNETES_SCHEMAS", helm.TOOLS / "kubernetes"))
    found = {}
    for folder in root.glob("v*-local-strict"):
        version = tuple(map(int, re.findall(r"\d+", folder.name)[:2]))
        if version >= FIRST:
            found[version] = folder
    if not found:
        raise unittest.SkipTest(f"no schemas of Kubernetes in {root}: run scripts/chart_tools.sh")
    return dict(sorted(found.items()))


@functools.cache
def validator(path):
    schema = json.loads(path.read_text())
    resolver = jsonschema.RefResolver.from_schema(schema, store=definitions(path.parent))
    return jsonschema.Draft202012Validator(schema, resolver=resolver)


@functools.cache
def definitions(folder):
    """What the schemas of a folder refer to, by its address."""
    path = folder / "_definitions.json"
    return {DEFINITIONS: json.loads(path.read_text())} if path.exists() else {}


def schema_of(folder, manifest):
    """The file of Kubernetes' schema of a manifest's kind, or of the CRD's."""
    crd = CRDS / f"{manifest['kind']}.json"
    if crd.exists():
        return crd
    group, _, version = manifest["apiVersion"].rpartition("/")
    words = [manifest["kind"], *([group.split(".")[0]] if group else []), version]
    return folder / ("-".join(words).lower() + ".json")


def errors(folder, manifest):
    """What a version has against a manifest."""
    return [f"{'.'.join(map(str, error.absolute_path))}: {error.message}"
            for error in validator(schema_of(folder, manifest)).iter_errors(manifest)]


def manifests():
    """Each different manifest of the matrix."""
    return {json.dumps(manifest, sort_keys=True): manifest
            for _, rendered in helm.matrix() for manifest in rendered}.values()


class Schemas(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        helm.programs()
        versions()

    def test_every_version_takes_every_manifest(self):
        self.assertGreaterEqual(len(versions()), 5)
        kinds = set()
        for version, folder in versions().items():
            for manifest in manifests():
                kinds.add(manifest["kind"])
                self.assertEqual(errors(folder, manifest), [], (version, helm.label(manifest)))
        self.assertLessEqual({"Deployment", "Job", "Pod", "Service", "NetworkPolicy", "Certificate",
                              "HorizontalPodAutoscaler", "PodDisruptionBudget", "ServiceMonitor",
                              "PersistentVolumeClaim", "ServiceAccount", "ConfigMap"}, kinds)

    def test_fields_that_no_version_has_are_found(self):
        spoiled = {
            "Deployment": lambda spec: spec["template"]["spec"].update(serviceAccout="x"),
            "Service": lambda spec: spec["ports"][0].update(port="seven"),
            "NetworkPolicy": lambda spec: spec["ingress"][0].update(form=[]),
            "ServiceMonitor": lambda spec: spec["endpoints"][0].update(interval="often"),
        }
        for kind, spoil in spoiled.items():
            manifest = copy.deepcopy(next(m for m in manifests() if m["kind"] == kind))
            spoil(manifest["spec"])
            for folder in versions().values():
                self.assertNotEqual(errors(folder, manifest), [], kind)


if __name__ == "__main__":
    suite.main()
