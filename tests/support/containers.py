"""Images of deploy/docker/Dockerfile and a container engine to run them with."""
import os
import shutil
import subprocess
import unittest

from tests.support import suite

BUILD_SECONDS_MAX = 3600


def engine():
    """The engine to use; skips the tests when there is none or nobody asked for them.
    $CLIENTELE_CONTAINER_ENGINE names it; default: podman, else docker."""
    if not os.environ.get("CLIENTELE_TEST_IMAGES"):
        raise unittest.SkipTest("builds images only with CLIENTELE_TEST_IMAGES=1")
    for name in (os.environ.get("CLIENTELE_CONTAINER_ENGINE"), "podman", "docker"):
        if name and shutil.which(name) and subprocess.run(
                [name, "info"], capture_output=True, check=False).returncode == 0:
            return name
    raise unittest.SkipTest("no container engine that answers")


def tag_of(target):
    return "clientele-test-" + target


def build(name, target):
    """Builds a target of the Dockerfile by the engine of that name."""
    done = subprocess.run(
        [name, "build", "-f", "deploy/docker/Dockerfile", "--target", target, "-t", tag_of(target),
         "."], cwd=suite.ROOT, capture_output=True, text=True, timeout=BUILD_SECONDS_MAX,
        check=False)
    if done.returncode != 0:
        raise AssertionError(f"{target}: {done.stdout[-3000:]}\n{done.stderr[-3000:]}")
