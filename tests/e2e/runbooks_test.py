"""What the runbooks tell people to type: commands and options that the programs have, and RPCs that
answer what the runbook wants to know."""
import json
import pathlib
import re
import shlex
import subprocess
import unittest

from tests.support import suite

RUNBOOKS = suite.ROOT / "docs/runbooks"
COMMAND = re.compile(r"`(clientele(?:-SERVICE)? [^`]+)`")
SUBCOMMAND = re.compile(r"^  ([a-z-]+) ", re.MULTILINE)
# What a person puts in place of these words.
PLACES = {"SERVICE": "segmentation", "DATE": "2026-01-01", "METHOD": "quantile",
          "RULES": "growth-11"}
PLACE = re.compile(rf"\b({'|'.join(PLACES)})\b")


def commands(runbook="*"):
    """The words of each command of the runbooks."""
    found = [command for path in sorted(RUNBOOKS.glob(f"{runbook}.md"))
             for command in COMMAND.findall(path.read_text(encoding="utf-8"))]
    return [shlex.split(re.sub(PLACE, lambda place: PLACES[place[0]], command))
            for command in found]


def unknown_words(program, *words):
    """The subcommand, or the options, that a program does not have."""
    path = pathlib.Path(suite.binary()).with_name(program)
    known, words = [], list(words)
    while True:
        text = subprocess.run([path, *known, "--help"], check=True, text=True,
                              stdout=subprocess.PIPE).stdout
        _, has_subcommands, listed = text.partition("\nSubcommands:\n")
        if not has_subcommands:
            return [word for word in words if word.startswith("-")
                    and not re.search(rf"(?<!\S){word}(?![\w-])", text)]
        if words[:1] == [] or words[0] not in SUBCOMMAND.findall(listed):
            return words[:1]
        known.append(words.pop(0))


class Runbooks(unittest.TestCase):

    def test_every_command_is_one_that_the_programs_have(self):
        self.assertGreater(len(commands()), 8)
        for words in commands():
            self.assertEqual(unknown_words(*words), [], words)

    def test_a_command_that_no_program_has_is_found(self):
        self.assertEqual(unknown_words("clientele", "rfm", "runs", "--all"), ["runs"])
        self.assertEqual(unknown_words("clientele", "points", "adjust", "ID", "--dry"), ["--dry"])
        self.assertEqual(unknown_words("clientele-profile", "migrate", "--dry"), ["--dry"])

    def test_every_rpc_of_a_command_answers(self):
        calls = [words for words in commands() if words[1] == "call"]
        self.assertGreater(len(calls), 1)
        with suite.Suite() as s:
            for words in calls:
                self.assertIsInstance(json.loads(s.run(*words[1:]).stdout), dict)

    def test_a_run_that_failed_is_shown_with_its_reason_where_scores_are_stale(self):
        _, (_, *list_runs), (_, *start_one) = commands("ClienteleStaleScoring")
        with suite.Suite() as s:
            s.run(*start_one, expect=1)  # nobody has bought anything
            run, = json.loads(s.run(*list_runs).stdout)["runs"]
        self.assertEqual(run["job"]["state"], "JOB_STATE_FAILED", run)
        self.assertEqual(run["job"]["error"]["details"][0]["reason"], "INSUFFICIENT_DATA")


if __name__ == "__main__":
    suite.main()
