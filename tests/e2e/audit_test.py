"""The audit log of servers whose callers show tokens: who wrote, who read, who was refused; what a
kill leaves of it, and what tampering does to it."""
import glob
import json
import os
import sqlite3
import tempfile
import time
import unittest
import uuid

from tests.support import process, suite, tokens
from tests.support.server import Server, wait_caught_up

CUSTOMERS = "clientele.profile.v1.CustomerService/"
PURCHASES = "clientele.profile.v1.PurchaseService/"
LEDGER = "clientele.loyalty.v1.LedgerService/"
COMPLAINTS = "clientele.complaints.v1.ComplaintService/"
MODELS = "clientele.segmentation.v1.RfmService/"
AUDIT = "clientele.common.v1.AuditService/"
PLANTED = ("Planted Jane", "planted@example.org")
ROLES = ("staff=*,clerk=profile.customers.read,auditor=audit.read,"
         "neighbour=events.read profile.customers.read")
FAR_AWAY = 4_000_000_000_000_000  # microseconds: in the year 2096


def new_customer(customer_id):
    return {"request_id": str(uuid.uuid4()), "origin": {"channel": "COLLECTION_CHANNEL_SURVEY"},
            "customer": {"customer_id": customer_id, "kind": "CUSTOMER_KIND_PERSON",
                         "attributes": {"display_name": PLANTED[0]},
                         "identifiers": [{"type": "IDENTIFIER_TYPE_EMAIL", "value": PLANTED[1]}]}}


def order(customer_id, number):
    return {"customer_id": customer_id, "source_system": "shop", "order_number": number,
            "occur_time": "2026-01-01T10:00:00Z", "currency_code": "GBP",
            "lines": [{"line_number": 1, "sku": "a", "quantity": 1, "unit_price_micros": 50_000_000}]}


def calls_of(entry):
    """(kind, principal, method, code, reason, subject or "") of each call of an entry."""
    record = entry["record"]
    for call in record["calls"]:
        yield (record["kind"].removeprefix("KIND_"), record.get("principal", ""),
               record.get("method", "").rpartition("/")[2], record.get("code", ""),
               record.get("reason", ""), " ".join(call.get("subjects", [])))


class AuditLog(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="clientele-e2e-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.provider = tokens.Provider(self.folder)
        self.provider.publish()

    def server(self, service, **settings):
        """A server, not started, that takes tokens."""
        server = self.enterContext(Server(
            service, self.folder, auth__mode="jwt", auth__roles=ROLES,
            auth__grants="token:loyalty=neighbour", auth__jwt__jwks_file=self.provider.jwks,
            auth__jwt__issuer=tokens.ISSUER, auth__jwt__audience=tokens.AUDIENCE, **settings))
        server.migrate()
        return server

    def token_file(self, subject, *roles):
        path = os.path.join(self.folder, f"{subject}.jwt")
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.provider.token(time.time(), sub=subject, roles=list(roles)))
        return path

    def call_as(self, server, token_file, *call, expect=0):
        server.cli_args = ["--token-file", token_file]
        return server.call(*call, expect=expect)

    def as_auditor(self, server):
        server.cli_args = ["--token-file", self.token_file("eve", "auditor")]
        return server

    def export(self, server):
        """The entries of the log, as the command line prints them."""
        return [json.loads(line) for line in self.as_auditor(server).cli(
            "audit", "export", server.service).stdout.splitlines()]

    def calls(self, server):
        """Everybody's calls but the auditor's."""
        return sorted(call for entry in self.export(server) for call in calls_of(entry)
                      if call[1] != "token:eve")

    def wait_for_calls(self, server, expected):
        process.wait_until(lambda: len(self.calls(server)) >= len(expected), "the log is written")
        self.assertEqual(self.calls(server), sorted(expected))

    def verify(self, server, expect=0):
        return self.as_auditor(server).cli("audit", "verify", server.service, expect=expect)

    @staticmethod
    def database(server):
        """Its SQLite file."""
        return sqlite3.connect(glob.glob(os.path.join(server.data_dir, "*.db"))[0],
                               isolation_level=None, timeout=process.STEP_SECONDS_MAX)

    def test_who_wrote_read_and_was_refused_stands_in_the_log_and_no_value_does(self):
        profile = self.server("profile").start()
        ann, bob = self.token_file("ann", "staff"), self.token_file("bob", "clerk")
        create = new_customer("c-10")
        self.call_as(profile, ann, CUSTOMERS + "CreateCustomer", create)
        self.call_as(profile, ann, CUSTOMERS + "CreateCustomer", create)  # again: no second effect
        self.call_as(profile, ann, CUSTOMERS + "CreateCustomer", new_customer("c-10"), expect=1)
        self.call_as(profile, ann, CUSTOMERS + "DeleteCustomer",
                     {"request_id": str(uuid.uuid4()), "customer_id": "c-10",
                      "validate_only": True})
        self.call_as(profile, bob, CUSTOMERS + "GetCustomer", {"customer_id": "c-10"})
        self.call_as(profile, bob, CUSTOMERS + "GetCustomer", {"customer_id": PLANTED[0]},
                     expect=1)
        self.call_as(profile, bob, CUSTOMERS + "LookupCustomers", {
            "identifiers": [{"type": "IDENTIFIER_TYPE_EMAIL", "value": PLANTED[1]}]})
        self.call_as(profile, bob, CUSTOMERS + "DeleteCustomer",
                     {"request_id": str(uuid.uuid4()), "customer_id": "c-10"}, expect=1)
        profile.cli_args = []  # somebody without a token has no name
        profile.call(CUSTOMERS + "GetCustomer", {"customer_id": "c-10"}, expect=1)
        self.wait_for_calls(profile, [
            ("WRITE", "token:ann", "CreateCustomer", "OK", "", "customer/c-10"),
            ("ATTEMPT", "token:ann", "CreateCustomer", "ALREADY_EXISTS",
             "CUSTOMER_ALREADY_EXISTS", "customer/c-10"),
            ("ATTEMPT", "token:ann", "DeleteCustomer", "OK", "", "customer/c-10"),
            ("READ", "token:bob", "GetCustomer", "OK", "", "customer/c-10"),
            ("READ", "token:bob", "GetCustomer", "INVALID_ARGUMENT", "INVALID_ARGUMENT", ""),
            ("READ", "token:bob", "LookupCustomers", "OK", "", "customer/c-10"),
            ("ATTEMPT", "token:bob", "DeleteCustomer", "PERMISSION_DENIED", "PERMISSION_DENIED",
             "customer/c-10")])
        text = json.dumps(self.export(profile))
        for value in PLANTED:
            self.assertNotIn(value, text)
        self.verify(profile)
        # What the auditor does stands there too, and who is none is refused.
        self.assertIn("token:eve", text)
        self.assertIn("audit.read is needed", str(self.call_as(
            profile, bob, AUDIT + "ListAuditEntries", expect=1)))

    def test_writes_that_share_a_transaction_are_told_each(self):
        profile = self.server("profile").start()
        loyalty = self.server("loyalty", profile__address=profile.address,
                              client_auth__token_file=self.token_file("loyalty")).start()
        ann = self.token_file("ann", "staff")
        for customer_id in ("c-10", "c-20"):
            request = new_customer(customer_id)
            del request["customer"]["identifiers"]
            self.call_as(profile, ann, CUSTOMERS + "CreateCustomer", request)
        self.call_as(profile, ann, PURCHASES + "RecordPurchases", {
            "request_id": str(uuid.uuid4()),
            "purchases": [order("c-10", "1"), order("c-20", "2"), order("c-90", "3")]})
        loyalty.cli_args = profile.cli_args
        wait_caught_up(profile, loyalty)

        def adjust(customer_id, points):
            return {"request_id": str(uuid.uuid4()), "customer_id": customer_id, "points": points,
                    "reason": "GOODWILL"}
        self.call_as(loyalty, ann, LEDGER + "Adjust", adjust("c-10", 5))
        self.call_as(loyalty, ann, LEDGER + "Adjust", adjust("c-90", 5), expect=1)
        self.call_as(loyalty, ann, LEDGER + "BatchPost", {"postings": [
            {"adjust": adjust("c-10", 7)}, {"adjust": adjust("c-20", 7)},
            {"adjust": adjust("c-90", 7)}]})
        self.wait_for_calls(profile, [
            ("WRITE", "token:ann", "CreateCustomer", "OK", "", "customer/c-10"),
            ("WRITE", "token:ann", "CreateCustomer", "OK", "", "customer/c-20"),
            ("WRITE", "token:ann", "RecordPurchases", "OK", "", "customer/c-10 customer/c-20")])
        self.wait_for_calls(loyalty, [
            ("WRITE", "token:ann", "Adjust", "OK", "", "customer/c-10"),
            ("ATTEMPT", "token:ann", "Adjust", "NOT_FOUND", "MEMBER_NOT_FOUND", "customer/c-90"),
            ("WRITE", "token:ann", "BatchPost", "OK", "", "customer/c-10 customer/c-20")])

    def test_complaints_and_models_are_told_of_too(self):
        ann = self.token_file("ann", "staff")
        complaints = self.server("complaints").start()
        one = {"customer_id": "c-10", "complaint_id": "late-parcel"}
        self.call_as(complaints, ann, COMPLAINTS + "FileComplaint", {"complaint": {
            **one, "channel": "COMPLAINT_CHANNEL_EMAIL", "type": "COMPLAINT_TYPE_DELIVERY",
            "severity": 2, "subject": PLANTED[0]}})
        self.call_as(complaints, ann, COMPLAINTS + "GetComplaint", one)
        self.call_as(complaints, ann, COMPLAINTS + "ExplainPriority", one)  # no personal data
        self.call_as(complaints, ann, COMPLAINTS + "ReopenComplaint",
                     {**one, "reason": PLANTED[0]}, expect=1)
        told = "complaint/late-parcel"
        self.wait_for_calls(complaints, [
            ("WRITE", "token:ann", "FileComplaint", "OK", "", f"customer/c-10 {told}"),
            ("READ", "token:ann", "GetComplaint", "OK", "", f"customer/c-10 {told}"),
            ("ATTEMPT", "token:ann", "ReopenComplaint", "FAILED_PRECONDITION", "COMPLAINT_STATE",
             f"customer/c-10 {told}")])
        self.assertNotIn(PLANTED[0], json.dumps(self.export(complaints)))
        segmentation = self.server("segmentation").start()
        self.call_as(segmentation, ann, MODELS + "PublishRfmModel", {
            "model_id": "classic", "spec": {
                "method": "RFM_METHOD_QUANTILE", "monetary": "RFM_MONETARY_GROSS",
                "tie_policy": "RFM_TIE_POLICY_LOW", "rule_set_id": "growth-11"}})
        self.wait_for_calls(segmentation, [
            ("WRITE", "token:ann", "PublishRfmModel", "OK", "", "model/classic")])

    def test_a_kill_between_commit_and_chain_loses_no_write(self):
        profile = self.server("profile").start()
        ann = self.token_file("ann", "staff")
        with self.database(profile) as database:  # nobody chains while somebody else has the lease
            database.execute("INSERT INTO lease VALUES ('audit', 'somebody', 9, ?) "
                             "ON CONFLICT (name) DO UPDATE SET holder = 'somebody', "
                             "expire_time = excluded.expire_time", (FAR_AWAY,))
            ids = [f"c-{n}" for n in range(10, 20)]
            for customer_id in ids:
                request = new_customer(customer_id)
                del request["customer"]["identifiers"]
                self.call_as(profile, ann, CUSTOMERS + "CreateCustomer", request)
            profile.kill()
            self.assertEqual(database.execute("SELECT COUNT(*) FROM audit_entry").fetchone(), (0,))
            self.assertEqual(database.execute("SELECT COUNT(*) FROM audit_outbox").fetchone(),
                             (len(ids),))
            database.execute("UPDATE lease SET expire_time = 0 WHERE name = 'audit'")
        profile.start()
        self.wait_for_calls(profile, [
            ("GAP", "", "", "", "", "replica/local"),
            *(("WRITE", "token:ann", "CreateCustomer", "OK", "", f"customer/{customer_id}")
              for customer_id in ids)])
        self.verify(profile)
        self.assertIn("clientele_profile_audit_gaps_total{clientele_service=\"profile\"} 1",
                      profile.get("/metrics")[1])
        # A server that is stopped has written everything.
        self.assertEqual(profile.stop(), 0)
        profile.start()
        self.assertEqual(len([call for call in self.calls(profile) if call[0] == "GAP"]), 1)

    def test_a_log_that_was_switched_off_says_so_and_shows_what_it_has(self):
        profile = self.server("profile").start()
        request = new_customer("c-10")
        self.call_as(profile, self.token_file("ann", "staff"), CUSTOMERS + "CreateCustomer", request)
        told = [("WRITE", "token:ann", "CreateCustomer", "OK", "", "customer/c-10")]
        self.wait_for_calls(profile, told)
        for command in ("export", "verify"):
            self.assertEqual(profile.cli("audit", command, "profile").stderr, "")
        self.assertEqual(profile.stop(), 0)
        profile.settings["auth.mode"] = "none"
        profile.start()
        self.assertEqual(self.calls(profile), told)
        profile.cli_args = []
        for command in ("export", "verify"):
            done = profile.cli("audit", command, "profile")
            self.assertIn("the audit log is off: auth.mode of profile is none", done.stderr)
            self.assertNotEqual(done.stdout, "")

    def test_a_log_that_was_tampered_with_is_found_out(self):
        profile = self.server("profile").start()
        ann = self.token_file("ann", "staff")
        request = new_customer("c-10")
        self.call_as(profile, ann, CUSTOMERS + "CreateCustomer", request)
        self.wait_for_calls(profile, [("WRITE", "token:ann", "CreateCustomer", "OK", "",
                                       "customer/c-10")])
        heads = os.path.join(self.folder, "heads")
        with open(heads, "w", encoding="utf-8") as file:
            file.write(self.as_auditor(profile).cli("audit", "verify", "profile", "--json").stdout)
        profile.cli("audit", "verify", "profile", "--heads", heads)
        with self.database(profile) as database:
            partition, position = database.execute(
                "SELECT partition, position FROM audit_entry LIMIT 1").fetchone()
            database.execute("UPDATE audit_entry SET content = CAST(REPLACE(CAST(content AS TEXT), "
                             "'token:ann', 'token:bob') AS BLOB) WHERE partition = ? "
                             "AND position = ?", (partition, position))
            database.execute("UPDATE audit_entry SET record_time = record_time + 1 "
                             "WHERE partition = ? AND position = ?", (partition, position))
        self.assertIn(f"partition {partition}: at position {position} is not what was written there",
                      self.verify(profile, expect=1).stderr)


if __name__ == "__main__":
    suite.main()
