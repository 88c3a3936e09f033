"""Calls of one method that come again and again, and what is wrong with what came back."""
import copy
import json
import pathlib
import subprocess

from tests.support import process, suite

PROGRAM = pathlib.Path(suite.binary()).parent.parent / "tests/support/repeated_call"
OK = 0


def mutating_methods(servers):
    """The methods that have an effect, by the servers' descriptors: {name: whether it streams}."""
    listed = json.loads(subprocess.run([PROGRAM, "list", *(s.address for s in servers)], check=True,
                                       text=True, stdout=subprocess.PIPE).stdout)
    return {m["method"]: m["streams"] for m in listed if m["audit"] or m["request_id"]}


class Caller:
    """Use as a context manager."""

    def __init__(self):
        self._program = None

    def __enter__(self):
        self._program = subprocess.Popen([PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                         text=True, preexec_fn=process.die_with_parent)
        return self

    def __exit__(self, *unused):
        self._program.communicate(timeout=process.STEP_SECONDS_MAX)

    def call(self, method, request, servers, count=1, cancel_after_us=0):
        """Calls `count` times at once, at the servers in turn; returns the answers."""
        self._program.stdin.write(json.dumps({
            "method": method, "request": request, "servers": [s.address for s in servers],
            "count": count, "cancel_after_us": cancel_after_us}) + "\n")
        self._program.stdin.flush()
        return [Answer(answer) for answer in json.loads(self._program.stdout.readline())]


class Answer:
    """What came back. A batch of postings says of each of them whether it came again, and what was
    wrong with it; the others say so of the call."""

    def __init__(self, answer):
        self.code = answer["code"]
        self.response = answer["response"]
        self.content = answer["bytes"]
        self.reasons = {answer["reason"]}
        self.is_replay = answer["replayed"]
        results = self.response.get("results", [])
        if any("replayed" in result for result in results):
            self.is_replay = all(result["replayed"] for result in results)
            self.reasons = {detail["reason"] for result in results
                            for detail in result["status"]["details"] if "reason" in detail}
            stripped = copy.deepcopy(results)
            for result in stripped:
                del result["replayed"]
            self.content = json.dumps(stripped)


def complaints(answers, first_count, effect, effect_once):
    """What is wrong with the answers to one request: `first_count` of them are no replays, all say
    the same. `effect` is what changed, `effect_once` what changes when it is asked for once."""
    found = []
    failed = [answer.reasons for answer in answers if answer.code != OK]
    if failed:
        found.append(f"{len(failed)} of {len(answers)} failed: {failed[0]}")
    if len({answer.content for answer in answers}) != 1:
        found.append("the answers differ")
    count = sum(not answer.is_replay for answer in answers)
    if count != first_count:
        found.append(f"{count} of {len(answers)} are no replays, not {first_count}")
    if effect != effect_once:
        found.append(f"the effect is {effect}, not {effect_once}")
    return found
