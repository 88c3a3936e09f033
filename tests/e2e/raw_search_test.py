"""What the servers leave behind holds no personal text in the clear: 50 planted values are looked for
in the bytes of databases, write-ahead logs, dumps, Redis, logs, metrics, events and error texts."""
import json
import pathlib
import secrets
import subprocess
import tempfile
import unittest
import uuid

from tests.support import postgres, redis, suite
from tests.support.server import Server

CUSTOMERS = "clientele.profile.v1.CustomerService/"
PURCHASES = "clientele.profile.v1.PurchaseService/"
COMPLAINTS = "clientele.complaints.v1.ComplaintService/"
ORIGIN = {"channel": "COLLECTION_CHANNEL_SURVEY"}
PEOPLE = 5


class Person:
    """A customer each of whose texts occurs nowhere else."""

    def __init__(self, number):
        self.id = f"person-{number}-{secrets.token_hex(4)}"
        self.planted = []
        self.attributes = {name: self._plant() for name in (
            "display_name", "given_name", "family_name", "locality", "employer", "job_title",
            "gender")}
        self.renamed, self.reason, self.mail_name = (self._plant() for _ in range(3))
        self.said = {name: self._plant() for name in (
            "subject", "description", "desired_remedy", "message", "note", "remedy", "resolution",
            "reopening")}
        self.phone = "30" + str(10_000_000 + secrets.randbelow(80_000_000))
        self.planted.append(self.phone)

    def _plant(self):
        # Letters only, of one case: what is normalised still is the same text.
        word = "q" + "".join(secrets.choice("bcdfghjklmnprstvwxz") for _ in range(11))
        self.planted.append(word)
        return word

    def identifiers(self):
        return [{"type": "IDENTIFIER_TYPE_EMAIL", "value": f"{self.mail_name}@example.org"},
                {"type": "IDENTIFIER_TYPE_PHONE", "value": f"+49{self.phone}"},
                {"type": "IDENTIFIER_TYPE_SITE_ACCOUNT", "value": self.attributes["given_name"]}]


def fresh():
    return str(uuid.uuid4())


def live(profile, person):
    """Does what is done to a customer; returns the texts of the answers that are errors."""
    create = {"request_id": fresh(), "origin": ORIGIN, "customer": {
        "customer_id": person.id, "attributes": person.attributes,
        "identifiers": person.identifiers()}}
    profile.call(CUSTOMERS + "CreateCustomer", create)
    profile.call(CUSTOMERS + "CreateCustomer", create)  # answered from what is remembered
    profile.call(CUSTOMERS + "UpdateCustomer", {
        "request_id": fresh(), "origin": ORIGIN, "update_mask": "attributes.family_name",
        "customer": {"customer_id": person.id, "attributes": {"family_name": person.renamed}}})
    purchase = profile.call(PURCHASES + "RecordPurchases", {"request_id": fresh(), "purchases": [{
        "customer_id": person.id, "source_system": "till", "order_number": fresh(),
        "occur_time": "2026-10-02T10:00:00Z", "currency_code": "GBP",
        "lines": [{"line_number": 1, "sku": "tea", "quantity": 4,
                   "unit_price_micros": 2_500_000}]}]})["results"][0]
    profile.call(PURCHASES + "RefundPurchase", {
        "request_id": fresh(), "customer_id": person.id, "purchase_id": purchase["purchase_id"],
        "refund_number": "r-1", "lines": [{"line_number": 1, "quantity": 1}],
        "reason": person.reason})
    read = profile.call(CUSTOMERS + "GetCustomer", {"customer_id": person.id})
    assert read["attributes"]["family_name"] == person.renamed
    found = profile.call(CUSTOMERS + "LookupCustomers", {"identifiers": person.identifiers()})
    assert len(found["matches"]) == 3
    return [json.dumps(profile.call(CUSTOMERS + method, request, expect=1)) for method, request in (
        ("CreateCustomer", create | {"request_id": fresh(), "customer": create["customer"] | {
            "customer_id": person.id + "-2"}}),  # the site account is taken
        ("UpdateCustomer", {"origin": ORIGIN, "update_mask": "attributes.birth_date",
                            "customer": {"customer_id": person.id, "attributes": {
                                "birth_date": person.mail_name}}}))]


def complain(complaints, person):
    """Does what is done about a complaint."""
    target = {"customer_id": person.id, "complaint_id": "late"}
    said = person.said

    def do(verb, **fields):
        return complaints.call(COMPLAINTS + verb, {"request_id": fresh(), **target, **fields})

    complaints.call(COMPLAINTS + "FileComplaint", {"request_id": fresh(), "complaint": {
        **target, "channel": "COMPLAINT_CHANNEL_WEB", "severity": 2,
        "type": "COMPLAINT_TYPE_DELIVERY",
        **{name: said[name] for name in ("subject", "description", "desired_remedy")}}})
    do("AcknowledgeComplaint")
    do("AddMessage", text=said["message"])
    do("AddNote", text=said["note"])
    do("ProposeRemedy", kind="REMEDY_KIND_APOLOGY", description=said["remedy"])
    do("ResolveComplaint", finding="COMPLAINT_FINDING_UPHELD",
       relief="COMPLAINT_RELIEF_NON_MONETARY", resolution=said["resolution"])
    do("ReopenComplaint", reason=said["reopening"])
    listed = complaints.call(COMPLAINTS + "ListComplaints", {"customer_id": person.id})
    assert listed["complaints"][0]["description"] == said["description"]
    texts = [entry.get("text") for entry in complaints.call(
        COMPLAINTS + "ListTimeline", target)["entries"]]
    assert {said["message"], said["note"]} <= set(texts)


class Finder:
    """Looks for texts in bytes."""

    def __init__(self, test, people):
        self._test = test
        self._people = people

    def search(self, where, content, must_know_people=False):
        """Fails when a planted value is there, in whatever case. `must_know_people`: the customers'
        ids, which are not personal, are there, so that what was searched is what was written."""
        lower = content.lower()
        for person in self._people:
            for value in person.planted:
                self._test.assertFalse(value.encode() in lower, f"{where} holds a planted value")
            self._test.assertTrue(person.id.encode() in lower or not must_know_people,
                                  f"{where} has not what was written")

    def search_files(self, folder, must_know_people=True):
        content = b"\n".join(path.read_bytes() for path in sorted(pathlib.Path(folder).rglob("*"))
                             if path.is_file())
        self.search(folder, content, must_know_people)


class RawSearch(unittest.TestCase):

    def setUp(self):
        if not redis.available():
            self.skipTest(f"no {redis.PROGRAM}: run scripts/setup.sh")
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="clientele-raw-"))
        self.redis = self.enterContext(redis.PrivateRedis("--rdbcompression", "no"))
        self.people = [Person(number) for number in range(PEOPLE)]
        self.finder = Finder(self, self.people)
        self.assertGreaterEqual(sum(len(person.planted) for person in self.people), 50)

    def start(self, service, **settings):
        server = self.enterContext(Server(service, self.folder, **settings))
        server.migrate()
        return server.start()

    def live_and_search(self, **settings):
        profile = self.start("profile", redis__addresses=self.redis.address, **settings)
        complaints = self.start("complaints", profile__address=profile.address, **settings)
        for person in self.people:
            for error in live(profile, person):
                self.finder.search("an error", error.encode())
            complain(complaints, person)
        self.search_redis()
        # The logs, and on SQLite the databases, while their WAL is there and when it is not.
        holds_data = not settings
        self.finder.search_files(self.folder, holds_data)
        for server in (complaints, profile):
            self.finder.search("metrics", server.get("/metrics")[1].encode())
            events = server.cli("watch", server.service, "--stop-at-head").stdout
            self.finder.search("the feed", events.encode(), must_know_people=True)
            self.assertEqual(server.stop(), 0)
        self.finder.search_files(self.folder, holds_data)

    def search_redis(self):
        self.assertEqual(self.redis.command("SAVE"), "+OK")
        dump = pathlib.Path(self.redis.folder, "dump.rdb").read_bytes()
        self.finder.search("Redis", dump, must_know_people=True)

    def test_nothing_personal_lies_in_the_clear_on_sqlite(self):
        self.live_and_search()

    def test_nothing_personal_lies_in_the_clear_on_postgresql(self):
        if not postgres.available():
            self.skipTest(f"no PostgreSQL in {postgres.BIN}: run scripts/setup.sh")
        server = self.enterContext(postgres.PrivatePostgres())
        self.live_and_search(database__url=server.dsn)
        dump = subprocess.run([postgres.BIN / "pg_dump", "-d", server.dsn], check=True,
                              capture_output=True).stdout
        self.finder.search("pg_dump", dump, must_know_people=True)
        server.psql("CHECKPOINT")
        self.finder.search_files(server.folder)


if __name__ == "__main__":
    unittest.main()
