"""The R package's data gives the R package's table, row by row; CDNOW goes in whole."""
import csv
import unittest

from tests.support import suite

SIZES = {"About To Sleep": 102, "At Risk": 28, "Can't Lose Them": 47, "Champions": 35, "Lost": 148,
         "Loyal Customers": 170, "Need Attention": 10, "New Customers": 104,
         "Potential Loyalist": 342, "Promising": 9}


class RfmOrders(unittest.TestCase):

    def test_all_995_rows_and_every_segment_size(self):
        path = suite.data_file("rfm-orders/rfm_data_orders.csv")
        expected_path = suite.data_file("rfm-orders/expected_rfm_table_order_2006-12-31.csv")
        with suite.Suite() as s:
            imported = s.json("import", "purchases", "--format", "rfm-orders", path)
            self.assertEqual((imported["orders_imported"], imported["customers_created"]),
                             (4906, 995))
            run = s.json("rfm", "run", "--as-of", "2006-12-31", "--method", "r-rfm",
                         "--rules", "r-rfm-10")
            self.assertEqual({x["segment"]: x["customers"] for x in run["segments"]
                              if x["customers"]}, SIZES)
            scores = self.scores(s)
            with open(expected_path, newline="", encoding="utf-8") as file:
                for row in csv.DictReader(file):
                    score = scores[self.customer_id(row["customer_id"])]
                    self.assertEqual(
                        [str(score["recency_days"]), str(score["frequency"]),
                         str(score["monetary_minor"] // 100), score["cell"], score["segment"]],
                        [row["recency_days"], row["transaction_count"], row["amount"],
                         row["rfm_score"], row["segment"]], row["customer_id"])
            self.assertEqual(len(scores), 995)
            show = s.json("rfm", "show", "Abbey O'Reilly")
            self.assertEqual((show["r"], show["f"], show["m"], show["segment"]),
                             (3, 4, 3, "Potential Loyalist"))

    @staticmethod
    def customer_id(name):
        slug = "".join(c if c.isascii() and c.isalnum() else "-" for c in name.lower())
        return "rfm-orders-" + "-".join(part for part in slug.split("-") if part)

    @staticmethod
    def scores(s):
        found, token = {}, ""
        while True:
            page = s.call("clientele.segmentation.v1.RfmService/ListScores",
                          {"page_size": 1000, "page_token": token})
            found.update({x["customer_id"]: x for x in page["scores"]})
            token = page["next_page_token"]
            if not token:
                return found


class Cdnow(unittest.TestCase):

    def test_every_order_goes_in_and_the_sources_stay_apart(self):
        cdnow = suite.data_file("cdnow/CDNOW_sample.txt")
        orders = suite.data_file("rfm-orders/rfm_data_orders.csv")
        with suite.Suite() as s:
            imported = s.json("import", "purchases", "--format", "cdnow", cdnow)
            self.assertEqual(imported["orders_imported"], 6919)
            self.assertEqual(imported["customers_created"], 2357)
            s.run("import", "purchases", "--format", "rfm-orders", orders)
            run = s.json("rfm", "run", "--as-of", "1998-07-01", "--method", "mean-split",
                         "--rules", "classic-8", "--source", "cdnow")
            self.assertEqual(sum(x["customers"] for x in run["segments"]), 2357)
            refused = s.json("rfm", "run", "--as-of", "1999-07-01", "--method", "mean-split",
                             "--rules", "classic-8", "--source", "cdnow", expect=1)
            self.assertEqual(refused["error"]["details"][0]["reason"], "INSUFFICIENT_DATA")
            forced = s.json("rfm", "run", "--as-of", "1999-07-01", "--method", "mean-split",
                            "--rules", "classic-8", "--source", "cdnow", "--force")
            self.assertEqual(forced["customers"], 2357)


if __name__ == "__main__":
    suite.main()
