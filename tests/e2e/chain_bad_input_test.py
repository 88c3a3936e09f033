"""Bad input to every method of loyalty and complaints gets a sentence that names what is wrong."""
import functools
import os
import re
import tempfile
import unittest
import uuid

from tests.support import raw_call, suite

HEADER = "order_number,customer,occur_time,currency,sku,category,quantity,unit_price\n"
LEDGER = "clientele.loyalty.v1.LedgerService/"
MEMBERS = "clientele.loyalty.v1.MemberService/"
COMPLAINTS = "clientele.complaints.v1.ComplaintService/"
PROTO = {LEDGER: "clientele/loyalty/v1/ledger_service.proto",
         MEMBERS: "clientele/loyalty/v1/member_service.proto",
         COMPLAINTS: "clientele/complaints/v1/complaint_service.proto"}
SECRET = "the neighbour's name"

WHO = {"customer_id": "Not An Id"}
WHICH = {**WHO, "complaint_id": "-x"}
PAGE = {"page_size": -1, "page_token": "no token of ours"}
ASKED = {"request_id": "no-uuid"}
VERSION = {"etag": "no etag"}
SPENT = {**ASKED, **WHO, "reason": "no code", "reference": "r" * 101}
LONG, SHORT = "x" * 10_001, "x" * 1001

# Of each method: the fields that an empty request lacks, and a request in which every field is
# wrong: each gets a violation at its own path, lists at those of WRONG_PATHS.
METHODS = {
    LEDGER + "Redeem": ("request_id customer_id points", {**SPENT, "points": -5}),
    LEDGER + "Adjust": ("request_id customer_id reason points", {**SPENT, "points": 1_000_001}),
    LEDGER + "BatchPost": ("postings", {"postings": [{}] * 1001}),
    LEDGER + "Reverse": ("request_id customer_id original_request_id",
                         {**ASKED, **WHO, "original_request_id": "x", "reason": "no code"}),
    LEDGER + "GetBalance": ("customer_id", WHO),
    LEDGER + "ListEntries": ("customer_id", {**WHO, **PAGE}),
    LEDGER + "ListLots": ("customer_id", {**WHO, **PAGE}),
    LEDGER + "ExplainEarning": ("customer_id purchase_id", {**WHO, "purchase_id": "x"}),
    LEDGER + "VerifyLedger": ("", {"page_token": "no token of ours"}),
    LEDGER + "VerifyLedgerHeads": ("heads", {"heads": [{"customer_id": "Not An Id", "hash": "aA=="}]}),
    MEMBERS + "GetTier": ("customer_id", WHO),
    MEMBERS + "BatchGetTiers": ("customer_ids", {"customer_ids": ["Not An Id", "an-id", ""]}),
    MEMBERS + "ExplainTier": ("customer_id", WHO),
    MEMBERS + "ListTierHistory": ("customer_id", {**WHO, **PAGE}),
    COMPLAINTS + "FileComplaint": (
        "complaint.customer_id complaint.channel complaint.type complaint.severity "
        "complaint.subject",
        {**ASKED, "complaint": {
            **WHICH, "channel": 99, "type": 99, "severity": 5, "language_code": "x",
            "subject": f"{SECRET}\nof two lines", "description": LONG, "desired_remedy": SHORT,
            "purchase_ids": ["x"], "concerned_staff_ids": ["Not An Id"],
            "occur_time": "2999-01-01T00:00:00Z"}}),
    COMPLAINTS + "GetComplaint": ("customer_id complaint_id", {**WHICH, "min_etag": "no etag"}),
    COMPLAINTS + "LookupComplaint": ("complaint_number", {"complaint_number": "7K3QZ"}),
    COMPLAINTS + "ListComplaints": ("", {**WHO, **PAGE, "filter": "mood = BAD",
                                         "order_by": "mood"}),
    COMPLAINTS + "AcknowledgeComplaint": ("customer_id complaint_id",
                                          {**ASKED, **WHICH, **VERSION}),
    COMPLAINTS + "AssignComplaint": ("customer_id complaint_id assignee_id",
                                     {**ASKED, **WHICH, **VERSION, "assignee_id": "A B"}),
    COMPLAINTS + "AddMessage": ("customer_id complaint_id text",
                                {**ASKED, **WHICH, "text": LONG,
                                 "occur_time": "2999-01-01T00:00:00Z"}),
    COMPLAINTS + "AddNote": ("customer_id complaint_id text",
                             {**ASKED, **WHICH, "text": LONG}),
    COMPLAINTS + "ProposeRemedy": ("customer_id complaint_id kind",
                                   {**ASKED, **WHICH, **VERSION, "kind": 99, "points": 5,
                                    "description": SHORT}),
    COMPLAINTS + "ApproveRemedy": ("request_id customer_id complaint_id remedy_id",
                                   {**ASKED, **WHICH, **VERSION, "remedy_id": "x"}),
    COMPLAINTS + "ResolveComplaint": ("customer_id complaint_id finding relief",
                                      {**ASKED, **WHICH, **VERSION, "finding": 99, "relief": 99,
                                       "resolution": LONG}),
    COMPLAINTS + "CloseComplaint": ("customer_id complaint_id", {**ASKED, **WHICH, **VERSION}),
    COMPLAINTS + "ReopenComplaint": ("customer_id complaint_id reason",
                                     {**ASKED, **WHICH, **VERSION, "reason": SHORT}),
    COMPLAINTS + "ListTimeline": ("customer_id complaint_id", {**WHICH, **PAGE}),
    COMPLAINTS + "ExplainPriority": ("customer_id complaint_id", WHICH),
}
# Elements that are named one by one.
WRONG_PATHS = {
    "customer_ids": {"customer_ids[0]", "customer_ids[2]"},
    "heads": {"heads[0].customer_id", "heads[0].seq", "heads[0].hash"},
    "complaint.purchase_ids": {"complaint.purchase_ids[0]"},
    "complaint.concerned_staff_ids": {"complaint.concerned_staff_ids[0]"},
}


def fresh():
    return str(uuid.uuid4())


def wrong_fields(request):
    """The paths of the violations that a request of METHODS must get."""
    nested = request.get("complaint", {})
    paths = [p for p in request if p != "complaint"] + [f"complaint.{p}" for p in nested]
    return set().union(*(WRONG_PATHS.get(path, {path}) for path in paths))


class ChainBadInput(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.suite = suite.Suite().start()
        cls.addClassCleanup(cls.suite.__exit__)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "orders.csv")
            with open(path, "w", encoding="utf-8") as file:
                file.write(HEADER + "1,1,2026-06-01T10:00:00Z,GBP,tea,,1,100.00\n")
            cls.suite.run("import", "purchases", "--format", "csv", "--source", "shop", path)
        cls.suite.wait_caught_up(service="loyalty")
        cls.customer = {"customer_id": "shop-1"}

    def refused(self, method, request):
        """Calls what must be refused; returns code, reason, and the paths of the violations."""
        error = self.suite.call(method, request, expect=1)["error"]
        self.assertNotIn(SECRET, str(error))
        info, *more = error["details"]
        self.assertEqual(info["domain"], f"{method.split('.')[1]}.clientele")
        violations = [v for detail in more for v in detail.get("field_violations", [])]
        for violation in violations:
            self.assertNotEqual(violation["description"], "")
        return error["code"], info["reason"], sorted(v["field"] for v in violations)

    def assert_refused(self, method, request, code, reason):
        self.assertEqual(self.refused(method, request), (code, reason, []), method)

    def assert_violations(self, method, request, paths):
        reason = "INVALID_PAGE_TOKEN" if set(paths) == {"page_token"} else "INVALID_ARGUMENT"
        self.assertEqual(self.refused(method, request),
                         ("INVALID_ARGUMENT", reason, sorted(paths)))

    def file(self, **fields):
        """Files a complaint; returns what names it."""
        complaint = {**self.customer, "complaint_id": f"c-{uuid.uuid4()}", "type": 3, "channel": 1,
                     "severity": 2, "subject": "late", **fields}
        filed = self.suite.call(COMPLAINTS + "FileComplaint", {"complaint": complaint})
        return {key: filed[key] for key in ("customer_id", "complaint_id")}

    def do(self, target, method, **more):
        return self.suite.call(f"{COMPLAINTS}{method}", {**target, **more})

    def propose(self, target, kind="REMEDY_KIND_APOLOGY", **more):
        """Proposes a remedy; returns what an approval of it says."""
        proposed = self.do(target, "ProposeRemedy", kind=kind, **more)
        return {**target, "request_id": fresh(),
                "remedy_id": proposed["remedies"][-1]["remedy_id"]}

    def verbs(self, target):
        """A sound request to each method that moves a complaint, but for ApproveRemedy."""
        return {"AcknowledgeComplaint": target,
                "AssignComplaint": {**target, "assignee_id": "staff-1"},
                "ProposeRemedy": {**target, "kind": "REMEDY_KIND_APOLOGY"},
                "ResolveComplaint": {**target, "finding": 1, "relief": 4},
                "CloseComplaint": target,
                "ReopenComplaint": {**target, "reason": "again"}}

    def test_every_method_is_tried(self):
        declared = set()
        for service, path in PROTO.items():
            text = (suite.ROOT / "proto" / path).read_text(encoding="utf-8")
            declared |= {service + name for name in re.findall(r"^  rpc (\w+)\(", text, re.M)}
        self.assertEqual(set(METHODS), declared)

    def test_an_empty_request_is_told_everything_it_lacks(self):
        for method, (required, _) in METHODS.items():
            with self.subTest(method):
                if required:
                    self.assert_violations(method, {}, required.split())
                else:
                    self.suite.call(method, {})

    def test_every_wrong_field_of_a_request_is_named_at_once(self):
        for method, (_, request) in METHODS.items():
            with self.subTest(method):
                self.assert_violations(method, request, wrong_fields(request))

    def test_what_is_not_utf_8_is_refused_by_every_method(self):
        addresses = dict(word.split("=") for word in self.suite.ready_line.split()[1:])
        # Field 1 of each is a text, but for one: there it is field 2 of the complaint.
        bad = raw_call.text_field(1, b"\xff\xfe")
        for method in METHODS:
            with self.subTest(method):
                message = (raw_call.text_field(2, bad) if method.endswith("FileComplaint") else bad)
                answer = raw_call.trailers(addresses[method.split(".")[1]], method, message)
                self.assertIn(b"grpc-status\x013", answer)  # INVALID_ARGUMENT
                package, name = method.rsplit(".", 1)[0], method.split("/")[1]
                self.assertIn(f"{package}.{name}Request".encode(), answer)
        # The same bytes by hand with a sound text reach the handler.
        answer = raw_call.trailers(addresses["loyalty"], LEDGER + "GetBalance",
                                   raw_call.text_field(1, b"nobody-here"))
        self.assertIn(b"grpc-status\x015", answer)  # NOT_FOUND

    def test_somebody_and_something_unknown_is_not_found(self):
        nobody = {"customer_id": "nobody-here"}
        points = {"request_id": fresh(), "points": 1, "reason": "GOODWILL"}
        of_members = {LEDGER + "Redeem": points, LEDGER + "Adjust": points,
                      LEDGER + "GetBalance": {}, LEDGER + "ListEntries": {},
                      LEDGER + "ListLots": {}, LEDGER + "ExplainEarning": {"purchase_id": fresh()},
                      MEMBERS + "GetTier": {}, MEMBERS + "ExplainTier": {},
                      MEMBERS + "ListTierHistory": {}}
        for method, request in of_members.items():
            self.assert_refused(method, {**request, **nobody}, "NOT_FOUND", "MEMBER_NOT_FOUND")
        self.assert_refused(LEDGER + "ExplainEarning", {**self.customer, "purchase_id": fresh()},
                            "NOT_FOUND", "EARNING_NOT_FOUND")
        self.assert_refused(COMPLAINTS + "FileComplaint", {"complaint": {
            **nobody, "type": 3, "channel": 1, "severity": 2, "subject": "late"}},
            "NOT_FOUND", "CUSTOMER_NOT_FOUND")
        for target in ({**nobody, "complaint_id": "c-0"}, {**self.customer, "complaint_id": "c-0"}):
            requests = {**self.verbs(target), "GetComplaint": target, "ListTimeline": target,
                        "ExplainPriority": target, "AddNote": {**target, "text": "a note"},
                        "AddMessage": {**target, "text": "a message"},
                        "ApproveRemedy": {**target, "request_id": fresh(), "remedy_id": fresh()}}
            for method, request in requests.items():
                self.assert_refused(COMPLAINTS + method, request, "NOT_FOUND",
                                    "COMPLAINT_NOT_FOUND")
        target = self.file()
        self.do(target, "AcknowledgeComplaint")
        self.assert_refused(COMPLAINTS + "ApproveRemedy", {
            **target, "request_id": fresh(), "remedy_id": fresh()}, "NOT_FOUND", "REMEDY_NOT_FOUND")

    def test_a_mistyped_number_is_told_from_one_that_nobody_has(self):
        number = self.do(self.file(), "GetComplaint")["complaint_number"]
        other = ("1" if number[0] == "0" else "0") + number[1:-1]
        # Only one last character fits the others.
        answers = [self.refused(COMPLAINTS + "LookupComplaint", {"complaint_number": other + last})
                   for last in "0123456789ABCDEFGHJKMNPQRSTVWXYZ"]
        missing = ("NOT_FOUND", "COMPLAINT_NOT_FOUND", [])
        mistyped = ("INVALID_ARGUMENT", "INVALID_ARGUMENT", ["complaint_number"])
        self.assertEqual((answers.count(missing), answers.count(mistyped)), (1, 31))

    def test_what_the_state_does_not_allow_is_refused(self):
        target = self.file(concerned_staff_ids=["staff-9"])
        state = functools.partial(self.assert_state, target)
        state("ProposeRemedy", "ResolveComplaint", "CloseComplaint", "ReopenComplaint")
        self.assert_refused(COMPLAINTS + "AssignComplaint", {**target, "assignee_id": "staff-9"},
                            "FAILED_PRECONDITION", "CONFLICT_OF_INTEREST")
        self.do(target, "AcknowledgeComplaint")
        state("AcknowledgeComplaint", "CloseComplaint", "ReopenComplaint")
        approval, late = self.propose(target), self.propose(target)
        self.do(approval, "ApproveRemedy")
        self.assert_refused(COMPLAINTS + "ApproveRemedy", {**approval, "request_id": fresh()},
                            "FAILED_PRECONDITION", "REMEDY_STATE")
        self.do(target, "ResolveComplaint", finding=1, relief=4)
        state("AcknowledgeComplaint", "AssignComplaint", "ProposeRemedy", "ResolveComplaint")
        self.assert_refused(COMPLAINTS + "ApproveRemedy", late, "FAILED_PRECONDITION",
                            "COMPLAINT_STATE")
        self.do(target, "CloseComplaint")
        state("AcknowledgeComplaint", "AssignComplaint", "ProposeRemedy", "ResolveComplaint",
              "CloseComplaint")
        self.assert_refused(COMPLAINTS + "AddMessage", {**target, "text": "too late"},
                            "FAILED_PRECONDITION", "COMPLAINT_STATE")

    def assert_state(self, target, *methods):
        for method in methods:
            self.assert_refused(COMPLAINTS + method, self.verbs(target)[method],
                                "FAILED_PRECONDITION", "COMPLAINT_STATE")

    def test_points_that_are_not_there_and_what_cannot_be_undone_are_refused(self):
        for method, points, more in (("Redeem", 1_000_000, {}),
                                     ("Adjust", -1_000_000, {"reason": "CORRECTION"})):
            self.assert_refused(LEDGER + method, {**self.customer, **more, "points": points,
                                                  "request_id": fresh()},
                                "FAILED_PRECONDITION", "INSUFFICIENT_POINTS")
        reverse = {**self.customer, "request_id": fresh(), "original_request_id": fresh()}
        self.assertEqual(self.suite.call(LEDGER + "Reverse", reverse)["outcome"], "OUTCOME_VOIDED")
        self.assert_refused(LEDGER + "Redeem", {
            **self.customer, "points": 1, "request_id": reverse["original_request_id"]},
            "FAILED_PRECONDITION", "REQUEST_ID_VOIDED")
        self.assert_refused(LEDGER + "Reverse", {
            **self.customer, "request_id": fresh(), "original_request_id": self.reversal()},
            "FAILED_PRECONDITION", "TRANSACTION_NOT_REVERSIBLE")
        self.assert_violations(LEDGER + "Reverse", {
            **reverse, "original_request_id": reverse["request_id"]}, ["original_request_id"])

    def reversal(self):
        """Redeems a point and gives it back; returns the request_id of the second."""
        spent = {**self.customer, "request_id": fresh()}
        self.suite.call(LEDGER + "Redeem", {**spent, "points": 1})
        back = {**self.customer, "request_id": fresh(), "original_request_id": spent["request_id"]}
        self.assertEqual(self.suite.call(LEDGER + "Reverse", back)["outcome"], "OUTCOME_REVERSED")
        return back["request_id"]

    def test_a_request_id_stands_for_one_request_only(self):
        target = self.file()
        pairs = {
            LEDGER + "Redeem": ({"points": 1}, {"points": 2}),
            LEDGER + "Adjust": ({"points": 1, "reason": "GOODWILL"},
                                {"points": 1, "reason": "CORRECTION"}),
            LEDGER + "Reverse": ({"original_request_id": fresh()},
                                 {"original_request_id": fresh()}),
            COMPLAINTS + "AddNote": ({**target, "text": "one"}, {**target, "text": "two"}),
            COMPLAINTS + "AddMessage": ({**target, "text": "one"}, {**target, "text": "two"}),
            COMPLAINTS + "AssignComplaint": ({**target, "assignee_id": "staff-1"},
                                             {**target, "assignee_id": "staff-2"}),
            COMPLAINTS + "AcknowledgeComplaint": (target, self.file()),
            COMPLAINTS + "ProposeRemedy": ({**target, "kind": 2}, {**target, "kind": 3}),
            COMPLAINTS + "ResolveComplaint": ({**target, "finding": 1, "relief": 4},
                                              {**target, "finding": 2, "relief": 4}),
            COMPLAINTS + "CloseComplaint": (target, self.file()),
            COMPLAINTS + "ReopenComplaint": ({**target, "reason": "one"},
                                             {**target, "reason": "two"})}
        for method, (first, second) in pairs.items():
            with self.subTest(method):
                common = {**self.customer, "request_id": fresh()}
                answer = self.suite.call(method, {**common, **first})
                self.assertEqual(self.suite.call(method, {**common, **first}), answer)
                self.assert_refused(method, {**common, **second}, "ALREADY_EXISTS",
                                    "REQUEST_ID_REUSED")

    def test_filing_and_approving_keep_to_their_request_id_too(self):
        filing = {"request_id": fresh(), "complaint": {
            **self.customer, "type": 3, "channel": 1, "severity": 2, "subject": "late"}}
        filed = self.suite.call(COMPLAINTS + "FileComplaint", filing)
        self.assertEqual(self.suite.call(COMPLAINTS + "FileComplaint", filing), filed)
        filing["complaint"]["severity"] = 1
        self.assert_refused(COMPLAINTS + "FileComplaint", filing, "ALREADY_EXISTS",
                            "REQUEST_ID_REUSED")
        target = {**self.customer, "complaint_id": filed["complaint_id"]}
        self.assert_refused(COMPLAINTS + "FileComplaint", {
            "complaint": {**filing["complaint"], **target}}, "ALREADY_EXISTS",
            "COMPLAINT_ALREADY_EXISTS")
        self.do(target, "AcknowledgeComplaint")
        approval, other = self.propose(target), self.propose(target)
        self.do(approval, "ApproveRemedy")
        self.do(approval, "ApproveRemedy")
        self.assert_refused(COMPLAINTS + "ApproveRemedy",
                            {**other, "request_id": approval["request_id"]}, "ALREADY_EXISTS",
                            "REQUEST_ID_REUSED")

    def test_a_stale_etag_is_refused_by_every_verb(self):
        target = self.file()
        self.do(target, "AcknowledgeComplaint")
        approval = self.propose(target)
        stale = self.do(target, "GetComplaint")["etag"]
        current = self.do(target, "AssignComplaint", assignee_id="staff-1")["etag"]
        self.assertNotEqual(stale, current)
        for method, request in {**self.verbs(target), "ApproveRemedy": approval}.items():
            self.assert_refused(COMPLAINTS + method, {**request, "etag": stale}, "ABORTED",
                                "ETAG_MISMATCH")
        self.do(approval, "ApproveRemedy", etag=current)

    def test_lengths_are_of_characters_and_the_longest_is_taken(self):
        target = self.file(subject="猫" * 200, description="猫" * 10_000, desired_remedy="猫" * 1000)
        self.do(target, "AddNote", text="猫" * 10_000)
        self.do(target, "AddMessage", text="猫" * 10_000)
        for method in ("AddNote", "AddMessage"):
            self.assert_violations(COMPLAINTS + method, {**target, "text": "猫" * 10_001}, ["text"])
        for field, length in (("subject", 200), ("description", 10_000), ("desired_remedy", 1000)):
            self.assert_violations(COMPLAINTS + "FileComplaint", {"complaint": {
                **self.customer, "type": 3, "channel": 1, "severity": 2, "subject": "late",
                field: "猫" * (length + 1)}}, [f"complaint.{field}"])
        given = {**self.customer, "points": 1, "reason": "GOODWILL", "validate_only": True}
        self.suite.call(LEDGER + "Adjust", {**given, "request_id": fresh(),
                                            "reference": "猫" * 100})
        self.assert_violations(LEDGER + "Adjust", {**given, "request_id": fresh(),
                                                   "reference": "猫" * 101}, ["reference"])

    def test_a_list_that_is_too_long_and_a_token_of_another_are_refused(self):
        ids = [f"customer-{i}" for i in range(1001)]
        answer = self.suite.call(MEMBERS + "BatchGetTiers", {"customer_ids": ids[:1000]})
        self.assertEqual(answer["missing_customer_ids"], ids[:1000])
        self.assert_violations(MEMBERS + "BatchGetTiers", {"customer_ids": ids}, ["customer_ids"])
        for _ in range(2):
            self.file()
        page = self.suite.call(COMPLAINTS + "ListComplaints", {"page_size": 1})
        code, reason, _ = self.refused(COMPLAINTS + "ListComplaints", {
            "page_size": 1, "order_by": "priority", "page_token": page["next_page_token"]})
        self.assertEqual((code, reason), ("INVALID_ARGUMENT", "INVALID_PAGE_TOKEN"))
        code, reason, _ = self.refused(COMPLAINTS + "ListComplaints", {"filter": "mood = BAD"})
        self.assertEqual((code, reason), ("INVALID_ARGUMENT", "INVALID_FILTER"))


if __name__ == "__main__":
    suite.main()
