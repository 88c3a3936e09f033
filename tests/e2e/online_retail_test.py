"""Online Retail goes in whole, and its published RFM figures come out, on SQLite and on PostgreSQL."""
import json
import time
import unittest

from tests.support import postgres, suite

FILE = "online-retail/online_retail.csv.gz"
# customer: days since the last purchase, orders, pence (data page).
CUSTOMERS = {
    "12346": (326, 1, 7718360),
    "12347": (3, 7, 431000),
    "12348": (76, 4, 179724),
    "17850": (373, 34, 539121),
    "14646": (2, 73, 28020602),
}


class OnlineRetail(unittest.TestCase):

    @classmethod
    def suite_arguments(cls):
        """What `clientele up` is given to keep its data where they are to be kept."""
        return []

    @classmethod
    def setUpClass(cls):
        path = suite.data_file(FILE)
        cls.suite = suite.Suite(args=cls.suite_arguments()).start()
        cls.addClassCleanup(cls.suite.__exit__)
        started = time.monotonic()
        cls.imported = cls.suite.json("import", "purchases", "--format", "online-retail", path)
        cls.suite.wait_caught_up()
        cls.suite.wait_caught_up(service="loyalty")
        cls.seconds = time.monotonic() - started
        cls.peak_mb = cls.suite.peak_resident_mb()
        print(f"import to caught up: {cls.seconds:.1f} s, peak {cls.peak_mb:.0f} MB resident")
        cls.path = path
        cls.earlier_run = cls.score_as_of("2011-09-11")
        cls.rfm_run = cls.score_as_of("2011-12-10")  # the latest, which every command means

    @classmethod
    def score_as_of(cls, day):
        return cls.suite.json("rfm", "run", "--as-of", day, "--method", "quantile", "--bins", "5",
                              "--rules", "growth-11", "--monetary", "gross")

    def test_every_row_is_accounted_for(self):
        rejected = {"MISSING_CUSTOMER": 135080, "NON_POSITIVE_PRICE": 40,
                    "UNMATCHED_REFUND": 1769}
        self.assertEqual(self.imported["rows_read"], 541909)
        self.assertEqual(self.imported["lines_imported"], 397884)
        self.assertEqual(self.imported["refunds_imported"], 7136)
        self.assertEqual(self.imported["rows_rejected"], rejected)
        self.assertEqual(self.imported["customers_created"], 4338)
        self.assertEqual(self.imported["orders_imported"], 18532)

    def test_a_second_import_changes_nothing(self):
        again = self.suite.json("import", "purchases", "--format", "online-retail", self.path)
        for key in ("orders_imported", "lines_imported", "refunds_imported", "customers_created"):
            self.assertEqual(again[key], 0, key)
        self.assertEqual(again["rows_rejected"], self.imported["rows_rejected"])

    def test_events_carry_gross_and_refunds(self):
        gross = refunded = fully = 0
        for line in self.suite.run("watch", "profile", "--stop-at-head").stdout.splitlines():
            event = json.loads(line)
            data = event["data"]
            if event["type"] == "clientele.profile.purchase.recorded.v1":
                gross += data.get("gross_minor", 0)
            elif event["type"] == "clientele.profile.purchase.refunded.v1":
                refunded += data["amount_minor"]
                fully += data["state"] == "PURCHASE_STATE_REFUNDED"
        self.assertAlmostEqual(gross / 100, 8911407.90, delta=1.00)
        self.assertAlmostEqual(refunded / 100, 458084.62, delta=1.00)
        self.assertEqual(fully, 135)

    def test_cut_points_are_the_published_ones(self):
        edges = self.rfm_run["edges"]
        self.assertEqual(edges["frequency"], [1, 2, 3, 6])
        for got, want in zip(edges["recency"], [13.8, 33, 72, 180], strict=True):
            self.assertAlmostEqual(got, want, delta=0.02)
        for got, want in zip(edges["monetary"], [250.194, 490.096, 942.276, 2058.426],
                             strict=True):
            self.assertAlmostEqual(got, want, delta=0.02)
        self.assertEqual(self.rfm_run["customers"], 4338)
        self.assertEqual(sum(s["customers"] for s in self.rfm_run["segments"]), 4338)
        self.assertEqual(sum(s["orders"] for s in self.rfm_run["segments"]), 18532)

    def test_frequency_bins_hold_the_published_numbers(self):
        run = self.suite.call("clientele.segmentation.v1.RfmService/GetRun",
                              {"run_id": self.rfm_run["run_id"]})
        bins = {}
        for cell in run["matrix"]:
            score = cell["frequency_score"]
            bins[score] = bins.get(score, 0) + cell["customer_count"]
        self.assertEqual(bins, {1: 1493, 2: 835, 3: 508, 4: 802, 5: 700})

    def test_the_five_customers_are_exact_under_every_spelling(self):
        for number, (days, orders, pence) in CUSTOMERS.items():
            for spelling in (f"online-retail-{number}-0", f"{number}.0", number,
                             f"online-retail-{number}"):
                score = self.suite.json("rfm", "show", spelling)
                self.assertEqual(
                    (score["recency_days"], score["frequency"], score["monetary_minor"]),
                    (days, orders, pence), spelling)

    def test_the_four_counts_that_exist_add_up(self):
        counts = self.suite.call("clientele.segmentation.v1.AnalyticsService/CountBuyers")
        self.assertEqual(counts["customer_count"], 4338)
        self.assertEqual(counts["bought_count"] + counts["never_bought_count"], 4338)
        self.assertEqual(counts["bought_repeatedly_count"], 4338 - 1493)

    def test_every_sales_report_adds_up_to_the_import(self):
        for dimension in ([], ["--dimension", "channel"], ["--dimension", "region"]):
            for period in ("year", "month", "day"):
                report = self.suite.json("sales", "report", "--by", period, *dimension)
                total = report["total"]
                self.assertEqual(report["currency_code"], "GBP")
                self.assertAlmostEqual(total["gross_minor"] / 100, 8911407.90, delta=1.00)
                self.assertAlmostEqual(total["refunded_minor"] / 100, 458084.62, delta=1.00)
                self.assertEqual(total["order_count"], 18532)
                self.assertEqual(total["net_order_count"], 18532 - 135)
                self.assertEqual(total["buyer_count"], 4338)
                for key in ("order_count", "net_order_count", "gross_minor", "refunded_minor",
                            "net_minor"):
                    self.assertEqual(sum(row[key] for row in report["rows"]), total[key], key)

    def test_the_matrix_holds_every_customer_order_and_penny(self):
        cells = self.suite.json("rfm", "matrix", "--run", self.rfm_run["run_id"])["cells"]
        self.assertEqual(len(cells), 25)
        self.assertEqual(sum(cell["customer_count"] for cell in cells), 4338)
        self.assertEqual(sum(cell["order_count"] for cell in cells), 18532)
        self.assertAlmostEqual(sum(cell["revenue_minor"] for cell in cells) / 100, 8911407.90,
                               delta=1.00)

    def test_movement_since_a_run_ninety_days_earlier_adds_up(self):
        earlier = self.earlier_run
        moved = self.suite.json("rfm", "compare", "--days", "90")
        self.assertEqual(moved["from_run"]["run_id"], earlier["run_id"])
        self.assertEqual(moved["to_run"]["as_of_date"], "2011-12-10")
        both = moved["stayed_count"] + moved["moved_count"]
        self.assertEqual(both + moved["gone_count"], earlier["customers"])
        self.assertEqual(both + moved["new_count"], 4338)
        self.assertEqual(moved["gone_count"], 0)
        before = {s["segment"]: s["customers"] for s in earlier["segments"]}
        for segment in moved["segments"]:
            if segment["segment"] != "PROSPECTS":  # they have no score
                self.assertEqual(segment["from_customer_count"], before[segment["segment"]])

    def test_import_is_fast_and_small(self):
        self.assertLessEqual(self.seconds, 30)
        self.assertLessEqual(self.peak_mb, 250)


class OnlineRetailOnPostgres(OnlineRetail):

    @classmethod
    def suite_arguments(cls):
        if not postgres.available():
            raise unittest.SkipTest(f"no PostgreSQL in {postgres.BIN}: run scripts/setup.sh")
        return ["--postgres", cls.enterClassContext(postgres.PrivatePostgres()).dsn]


if __name__ == "__main__":
    suite.main()
