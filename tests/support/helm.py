"""The Helm charts of the checkout, rendered by Helm 3 and 4.

Helm is found by $CLIENTELE_HELM3 and $CLIENTELE_HELM4, else in .tools/charts
(scripts/chart_tools.sh), else one of them in the PATH. Needs Debian's python3-yaml.
"""
import functools
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import yaml

from tests.support import suite

TOOLS = suite.ROOT / ".tools/charts"
CHART = suite.ROOT / "helm/clientele"
SERVICES = ("profile", "segmentation", "loyalty", "complaints")
RELEASE, NAMESPACE = "r", "crm"


@functools.cache
def programs():
    """Helm by its major version; skips the test when there is none."""
    found = {}
    for version in (3, 4):
        path = os.environ.get(f"CLIENTELE_HELM{version}") or TOOLS / f"helm{version}"
        if os.access(path, os.X_OK):
            found[version] = str(path)
    if not found and shutil.which("helm"):
        answer = subprocess.run(["helm", "version", "--short"], check=True, text=True,
                                stdout=subprocess.PIPE).stdout
        found[int(answer[1])] = "helm"
    if not found:
        raise unittest.SkipTest("no Helm: run scripts/chart_tools.sh, or set $CLIENTELE_HELM3 and "
                                "$CLIENTELE_HELM4")
    return found


@functools.cache
def packages(version):
    """A folder with the charts, packaged by that Helm; it lives as long as the program."""
    folder = tempfile.TemporaryDirectory(prefix="clientele-charts-")
    FOLDERS.append(folder)
    subprocess.run([suite.ROOT / "scripts/charts.sh", folder.name], check=True,
                   stdout=subprocess.DEVNULL, env={**os.environ, "HELM": programs()[version]})
    return pathlib.Path(folder.name)


FOLDERS = []


def ci_values():
    """The files of the matrix."""
    return sorted((CHART / "ci").glob("*-values.yaml"))


def run(version, command, *flags, chart="clientele", release=RELEASE):
    """Runs `helm COMMAND CHART FLAGS`; returns the completed process."""
    archive = next(packages(version).glob(f"{chart}-[0-9]*.tgz"))
    words = [command] if command == "lint" else [command, release]
    return subprocess.run([programs()[version], *words, str(archive), "--namespace", NAMESPACE,
                           *flags], capture_output=True, text=True, check=False)


def template(version, *flags, chart="clientele", release=RELEASE):
    """The manifests as rendered."""
    done = run(version, "template", *flags, chart=chart, release=release)
    if done.returncode != 0:
        raise AssertionError(f"helm {version} template {flags}: {done.stderr}")
    return [manifest for manifest in yaml.safe_load_all(done.stdout) if manifest]


@functools.cache
def rendered(name):
    """The manifests of ci/<name>-values.yaml by the newest Helm there is."""
    return template(max(programs()), "--values", str(CHART / f"ci/{name}-values.yaml"))


def matrix():
    """(name, manifests) of each file of the matrix."""
    for path in ci_values():
        name = path.name.removesuffix("-values.yaml")
        yield name, rendered(name)


def pod_of(manifest):
    """The pod that a manifest makes, as (labels, spec); None when it makes none."""
    if manifest["kind"] == "Pod":
        return manifest["metadata"]["labels"], manifest["spec"]
    template_of = manifest["spec"].get("template") if "spec" in manifest else None
    return template_of and (template_of["metadata"]["labels"], template_of["spec"])


def label(manifest):
    """How a test names a manifest."""
    return f"{manifest['kind']}/{manifest['metadata']['name']}"
