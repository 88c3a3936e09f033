"""Every event that the feeds send is as docs/api/events.md says."""
import json
import os
import re
import tempfile
import unittest

from tests.support import suite

CUSTOMERS = 200
SERVICES = ("profile", "segmentation", "loyalty", "complaints")
ROW = re.compile(r"^\| `(clientele\.(\w+)\.[^`]+)` \| `(\w+)` \| `(\w+)/<(\w+)>` \|")
# What nothing here brings about for certain.
NOT_CERTAIN = {"clientele.profile.purchase.cancelled.v1", "clientele.loyalty.points.expired.v1",
               "clientele.complaints.complaint.priority_changed.v1"}


def table():
    """From the document: type -> (the full name of data's message, the subject's kind, its id)."""
    rows = {}
    for line in (suite.ROOT / "docs/api/events.md").read_text(encoding="utf-8").splitlines():
        row = ROW.match(line)
        if row:
            rows[row[1]] = (f"clientele.{row[2]}.v1.{row[3]}", row[4], row[5])
    return rows


def id_in(event, name):
    """The id that `name` of the table stands for."""
    return event["customer_id"] if name == "customer_id" else event["data"][name]


class Events(unittest.TestCase):

    def test_the_feeds_send_what_the_table_says(self):
        expected, seen = table(), set()
        with suite.Suite(args=("--program-currency", "EUR")) as s:
            self.take_in_generated_files(s)
            self.work_by_hand(s)
            for service in SERVICES:
                for line in s.run("watch", service, "--stop-at-head").stdout.splitlines():
                    event = json.loads(line)
                    message, kind, name = expected[event["type"]]
                    self.assertEqual(event["data"]["@type"].rpartition("/")[2], message)
                    self.assertEqual(event["subject"], f"{kind}/{id_in(event, name)}")
                    seen.add(event["type"])
        self.assertEqual(set(expected) - NOT_CERTAIN - seen, set())

    @staticmethod
    def take_in_generated_files(s):
        with tempfile.TemporaryDirectory() as folder:
            s.run("generate", "--customers", str(CUSTOMERS), "--seed", "7", "--out", folder)
            for what in ("customers", "purchases", "refunds", "complaints"):
                s.run("import", what, "--format", "csv", os.path.join(folder, what + ".csv"))
        s.wait_caught_up(service="loyalty")

    @staticmethod
    def work_by_hand(s):
        """What staff does: points given and spent, a complaint answered with a remedy."""
        complaint = s.json("complaints", "list")["complaints"][0]
        customer = complaint["customer_id"]
        s.run("points", "adjust", customer, "10", "--reason", "GOODWILL")
        s.run("points", "redeem", customer, "10")
        s.run("complaints", "ack", complaint["complaint_number"])
        s.run("complaints", "remedy", "propose", complaint["complaint_number"], "--kind", "apology")


if __name__ == "__main__":
    suite.main()
