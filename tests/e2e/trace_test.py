"""A caller's traceparent goes where its call goes: into logs, to the servers that are called on its
behalf, and into the events of each."""
import json
import pathlib
import tempfile
import unittest

from tests.support import process, raw_call, suite
from tests.support.server import Server, wait_caught_up

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE_ID}-00f067aa0ba902b7-01"
CUSTOMER = "c-traced"
COMPLAINT = {"customer_id": CUSTOMER, "complaint_id": "late"}
COMPLAINTS = "clientele.complaints.v1.ComplaintService/"


def request_id(number):
    return f"7ace0000-5eed-4bad-8f00-{number:012x}"


class Trace(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="clientele-e2e-"))
        cls.profile = cls.start("profile", folder)
        cls.loyalty = cls.start("loyalty", folder, profile__address=cls.profile.address,
                                program__currency="EUR")
        cls.complaints = cls.start("complaints", folder, profile__address=cls.profile.address,
                                   loyalty__address=cls.loyalty.address)
        # The request as bytes: the command line sends no metadata of the user's choice.
        fields = {1: request_id(9), 2: CUSTOMER, 3: COMPLAINT["complaint_id"],
                  5: cls.propose_points()}
        message = b"".join(raw_call.text_field(number, text.encode())
                           for number, text in fields.items())
        raw_call.trailers(cls.complaints.address, COMPLAINTS + "ApproveRemedy", message,
                          [(b"traceparent", TRACEPARENT.encode())])

    @classmethod
    def start(cls, service, folder, **settings):
        server = cls.enterClassContext(Server(service, folder, **settings))
        server.migrate()
        return server.start()

    @classmethod
    def propose_points(cls):
        """A complaint of a member that is promised points; the remedy's id."""
        cls.profile.call("clientele.profile.v1.CustomerService/CreateCustomer", {
            "request_id": request_id(1), "origin": {"channel": "COLLECTION_CHANNEL_SYSTEM"},
            "customer": {"customer_id": CUSTOMER, "kind": "CUSTOMER_KIND_PERSON"}})
        cls.profile.call("clientele.profile.v1.PurchaseService/RecordPurchases", {
            "request_id": request_id(2), "purchases": [{
                "customer_id": CUSTOMER, "source_system": "shop", "order_number": "1",
                "occur_time": "2026-01-01T00:00:00Z", "currency_code": "EUR",
                "lines": [{"line_number": 1, "sku": "sku", "quantity": 1,
                           "unit_price_micros": 5_000_000}]}]})
        wait_caught_up(cls.profile, cls.loyalty)
        cls.complaints.call(COMPLAINTS + "FileComplaint", {
            "request_id": request_id(3), "complaint": {
                **COMPLAINT, "channel": "COMPLAINT_CHANNEL_WEB",
                "type": "COMPLAINT_TYPE_DELIVERY", "severity": 2, "subject": "late"}})
        cls.complaints.call(COMPLAINTS + "AcknowledgeComplaint",
                            {"request_id": request_id(4), **COMPLAINT})
        return cls.complaints.call(COMPLAINTS + "ProposeRemedy", {
            "request_id": request_id(5), **COMPLAINT, "kind": "REMEDY_KIND_POINTS",
            "points": 5})["remedies"][-1]["remedy_id"]

    def call_lines(self, server, method):
        """The log lines about calls of a method."""
        lines = map(json.loads, pathlib.Path(server.log_path).read_text().splitlines())
        return [line for line in lines if line.get("method", "").endswith("/" + method)]

    def traces(self, server):
        """{event type: [traceparent]} of a feed."""
        process.wait_until(lambda: server.feed_heads()["outbox_count"] == 0, "all is in the feed")
        found = {}
        for line in server.cli("watch", server.service, "--stop-at-head").stdout.splitlines():
            event = json.loads(line)
            found.setdefault(event["type"], []).append(event.get("traceparent", ""))
        return found

    def test_the_log_of_the_called_server_names_it(self):
        line, = self.call_lines(self.complaints, "ApproveRemedy")
        self.assertEqual(line["trace_id"], TRACE_ID)

    def test_a_call_without_one_names_none(self):
        line, = self.call_lines(self.complaints, "FileComplaint")
        self.assertNotIn("trace_id", line)

    def test_the_server_called_on_its_behalf_logs_the_same(self):
        line, = self.call_lines(self.loyalty, "Adjust")
        self.assertEqual(line["trace_id"], TRACE_ID)

    def test_the_events_of_both_carry_it_and_others_do_not(self):
        points = self.traces(self.loyalty)
        self.assertEqual(points["clientele.loyalty.points.adjusted.v1"], [TRACEPARENT])
        self.assertEqual(points["clientele.loyalty.points.earned.v1"], [""])
        complaints = self.traces(self.complaints)
        self.assertIn(TRACEPARENT, complaints["clientele.complaints.remedy.state_changed.v1"])
        self.assertEqual(complaints["clientele.complaints.complaint.filed.v1"], [""])


if __name__ == "__main__":
    suite.main()
