"""A sound request to every unary RPC that changes something, and what must be there before."""
import uuid

CUSTOMERS = "clientele.profile.v1.CustomerService/"
PURCHASES = "clientele.profile.v1.PurchaseService/"
LEDGER = "clientele.loyalty.v1.LedgerService/"
RFM = "clientele.segmentation.v1.RfmService/"
COMPLAINTS = "clientele.complaints.v1.ComplaintService/"
ORIGIN = {"channel": "COLLECTION_CHANNEL_SYSTEM"}
SPEC = {"method": "RFM_METHOD_QUANTILE", "monetary": "RFM_MONETARY_GROSS",
        "rule_set_id": "growth-11"}


def fresh():
    return str(uuid.uuid4())


def merged(request, change):
    """The request with the fields of `change`."""
    return {**request, **{key: merged(request[key], value)
                          if isinstance(value, dict) and key in request else value
                          for key, value in change.items()}}


def identified(request, request_id):
    """The request under that id; each posting of a batch has one of its own, made from it."""
    if "postings" not in request:
        return {**request, "request_id": request_id}
    return {"postings": [
        {kind: {**body, "request_id": str(uuid.uuid5(uuid.UUID(request_id), str(index)))}
         for kind, body in posting.items()} for index, posting in enumerate(request["postings"])]}


class Scene:
    """Makes what the samples need."""

    def __init__(self, call, members):
        self._call = call
        self._members = members
        self._model_id = ""

    def member(self):
        """A customer with one purchase, whom no other sample has."""
        return next(self._members)

    def done(self, method, request):
        """Calls a method that needs no repeating; returns the response."""
        return self._call(method, identified(request, fresh()))

    def customer(self, customer_id=""):
        return self._call(CUSTOMERS + "GetCustomer", {"customer_id": customer_id or self.member()})

    def deleted(self):
        return self.done(CUSTOMERS + "DeleteCustomer", {"customer_id": self.member()})

    def purchase(self):
        """What names a purchase."""
        customer_id = self.member()
        made = self.done(PURCHASES + "RecordPurchases", {"purchases": [self.order(customer_id)]})
        return {"customer_id": customer_id, "purchase_id": made["results"][0]["purchase_id"]}

    @staticmethod
    def order(customer_id):
        return {"customer_id": customer_id, "source_system": "till", "order_number": fresh(),
                "occur_time": "2026-10-02T10:00:00Z", "currency_code": "GBP",
                "lines": [{"line_number": 1, "sku": "tea", "quantity": 4,
                           "unit_price_micros": 2_500_000}]}

    def redeemed(self):
        """What names a Redeem."""
        request = {"request_id": fresh(), "customer_id": self.member(), "points": 20}
        self._call(LEDGER + "Redeem", request)
        return {"customer_id": request["customer_id"], "original_request_id": request["request_id"]}

    def model(self):
        if not self._model_id:
            self._model_id = self.done(RFM + "PublishRfmModel", {
                "model_id": "repeated", "spec": SPEC})["model_id"]
        return self._model_id

    def run(self):
        return {"model_id": self.model(), "as_of_date": "2026-11-01", "force": True}

    def started(self):
        """What names a run."""
        return {"run_id": self.done(RFM + "StartRun", self.run())["run_id"]}

    def complaint(self, *verbs):
        """What names a complaint that has gone through `verbs`, each a method and its fields."""
        target = {"customer_id": self.member(), "complaint_id": f"c-{fresh()}"}
        self.done(COMPLAINTS + "FileComplaint", self.filing(target))
        for verb, fields in verbs:
            self.done(COMPLAINTS + verb, {**target, **fields})
        return target

    @staticmethod
    def filing(target):
        return {"complaint": {**target, "channel": "COMPLAINT_CHANNEL_WEB", "severity": 2,
                              "type": "COMPLAINT_TYPE_DELIVERY", "subject": "late"}}

    def proposed(self, **remedy):
        """What names a proposed remedy."""
        target = self.complaint(ACKNOWLEDGED)
        made = self.done(COMPLAINTS + "ProposeRemedy", {**target, **remedy})
        return {**target, "remedy_id": made["remedies"][0]["remedy_id"]}


ACKNOWLEDGED = ("AcknowledgeComplaint", {})
RESOLUTION = {"finding": "COMPLAINT_FINDING_UPHELD", "relief": "COMPLAINT_RELIEF_NON_MONETARY"}
RESOLVED = ("ResolveComplaint", RESOLUTION)
# An etag in the spelling of all of them: with the same request_id it is other content.
OTHER_ETAG = {"etag": "v1"}

# Of each method (and, after a space, its variants): what makes a sound request without request_id,
# on something that no other request is about; and what makes other content of it.
SAMPLES = {
    CUSTOMERS + "CreateCustomer": (
        lambda s: {"customer": {"attributes": {"given_name": "Ada"}}, "origin": ORIGIN},
        {"customer": {"attributes": {"given_name": "Eve"}}}),
    CUSTOMERS + "UpdateCustomer": (
        lambda s: {"customer": {"customer_id": s.member(), "attributes": {"given_name": "Ada"}},
                   "update_mask": "attributes.given_name", "origin": ORIGIN},
        {"customer": {"attributes": {"given_name": "Eve"}}}),
    CUSTOMERS + "DeleteCustomer": (lambda s: {"customer_id": s.member()}, OTHER_ETAG),
    CUSTOMERS + "UndeleteCustomer": (
        lambda s: {"customer_id": s.deleted()["customer_id"]}, OTHER_ETAG),
    PURCHASES + "RecordPurchases": (
        lambda s: {"purchases": [s.order(s.member()), s.order(s.member())]}, {"purchases": [
            {**Scene.order("csv-c-0"), "order_number": "another"}]}),
    PURCHASES + "RefundPurchase": (
        lambda s: {**s.purchase(), "amount_minor": 100}, {"amount_minor": 200}),
    PURCHASES + "CancelPurchase": (lambda s: s.purchase(), {"occur_time": "2026-10-03T10:00:00Z"}),
    RFM + "PublishRfmModel": (
        lambda s: {"model_id": f"m-{fresh()}", "spec": SPEC},
        {"spec": {"monetary": "RFM_MONETARY_NET"}}),
    RFM + "StartRun": (lambda s: s.run(), {"as_of_date": "2026-11-02"}),
    RFM + "CancelRun": (lambda s: s.started(), {"run_id": fresh()}),
    LEDGER + "Redeem": (lambda s: {"customer_id": s.member(), "points": 20}, {"points": 21}),
    LEDGER + "Adjust": (
        lambda s: {"customer_id": s.member(), "points": 20, "reason": "GOODWILL"}, {"points": 21}),
    LEDGER + "Reverse": (lambda s: s.redeemed(), {"reason": "ANOTHER"}),
    LEDGER + "BatchPost": (
        lambda s: {"postings": [
            {"redeem": {"customer_id": "csv-c-0", "points": 1}},
            {"adjust": {"customer_id": "csv-c-0", "points": 20, "reason": "GOODWILL"}}]},
        {"postings": [
            {"redeem": {"customer_id": "csv-c-0", "points": 2}},
            {"adjust": {"customer_id": "csv-c-0", "points": 21, "reason": "GOODWILL"}}]}),
    COMPLAINTS + "FileComplaint": (
        lambda s: s.filing({"customer_id": s.member()}), {"complaint": {"severity": 1}}),
    COMPLAINTS + "AcknowledgeComplaint": (lambda s: s.complaint(), OTHER_ETAG),
    COMPLAINTS + "AssignComplaint": (
        lambda s: {**s.complaint(), "assignee_id": "staff-1"}, {"assignee_id": "staff-2"}),
    COMPLAINTS + "AddMessage": (
        lambda s: {**s.complaint(), "text": "where is it"}, {"text": "it is there"}),
    COMPLAINTS + "AddNote": (
        lambda s: {**s.complaint(), "text": "call back"}, {"text": "called back"}),
    COMPLAINTS + "ProposeRemedy": (
        lambda s: {**s.complaint(ACKNOWLEDGED), "kind": "REMEDY_KIND_APOLOGY"},
        {"kind": "REMEDY_KIND_EXPLANATION"}),
    COMPLAINTS + "ApproveRemedy": (
        lambda s: s.proposed(kind="REMEDY_KIND_APOLOGY"), OTHER_ETAG),
    COMPLAINTS + "ApproveRemedy points": (
        lambda s: s.proposed(kind="REMEDY_KIND_POINTS", points=30), OTHER_ETAG),
    COMPLAINTS + "ResolveComplaint": (
        lambda s: {**s.complaint(ACKNOWLEDGED), **RESOLUTION},
        {"finding": "COMPLAINT_FINDING_NOT_UPHELD"}),
    COMPLAINTS + "CloseComplaint": (lambda s: s.complaint(ACKNOWLEDGED, RESOLVED), OTHER_ETAG),
    COMPLAINTS + "ReopenComplaint": (
        lambda s: {**s.complaint(ACKNOWLEDGED, RESOLVED), "reason": "again"}, {"reason": "still"}),
}
