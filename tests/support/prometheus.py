"""A Prometheus of the tests' own, with the rules of deploy/, that scrapes each second."""
import json
import pathlib
import re
import shutil
import subprocess
import urllib.parse

from tests.support import process, rules

PROGRAM = "prometheus"
CONFIG = """\
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: [{rules}]
scrape_configs:
  - job_name: clientele
    static_configs: [{{targets: {targets}}}]
"""


def available():
    return shutil.which(PROGRAM) is not None


class PrivatePrometheus:
    """Use as a context manager; its files are in `folder`, which is the caller's."""

    def __init__(self, folder, targets):
        """`targets`: the ops addresses that it scrapes."""
        self._folder = pathlib.Path(folder, "prometheus")
        self._folder.mkdir()
        self._config = CONFIG.format(rules=rules.PROMETHEUS / "rules" / "*.yaml",
                                     targets=json.dumps(targets))
        self._server = None
        self._address = ""

    def __enter__(self):
        config, log = self._folder / "prometheus.yml", self._folder / "log"
        config.write_text(self._config, encoding="utf-8")
        with open(log, "ab") as output:
            self._server = subprocess.Popen(
                [PROGRAM, f"--config.file={config}", f"--storage.tsdb.path={self._folder}/data",
                 "--web.listen-address=127.0.0.1:0"], stdout=output, stderr=output,
                preexec_fn=process.die_with_parent)
        try:
            self._address = process.wait_until(
                lambda: re.search(r'msg="Listening on" address=(\S+)', log.read_text()),
                f"Prometheus listens; {log} says why not").group(1)
            process.wait_until(self._is_ready, "Prometheus is ready")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *unused):
        self._server.kill()
        self._server.wait()

    def _is_ready(self):
        return process.get(self._address, "/-/ready")[0] == 200

    def _ask(self, path):
        status, text = process.get(self._address, path)
        answer = json.loads(text)
        if status != 200:
            raise AssertionError(f"{path}: {answer['error']}")
        return answer["data"]

    def query(self, expression):
        """The values of an expression now, as floats; without those that are not a number."""
        result = self._ask("/api/v1/query?" + urllib.parse.urlencode({"query": expression}))
        values = [float(sample["value"][1]) for sample in result["result"]]
        return [value for value in values if value == value]

    def rule_errors(self):
        """{rule: error} of those that could not be evaluated."""
        groups = self._ask("/api/v1/rules")["groups"]
        return {rule["name"]: rule["lastError"] for group in groups for rule in group["rules"]
                if rule["health"] == "err"}
