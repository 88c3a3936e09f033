"""What `clientele generate` writes goes in whole, in either order, and changes nothing twice."""
import csv
import os
import tempfile
import unittest

from tests.support import suite

CUSTOMERS = 300


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


class Generated(unittest.TestCase):

    def test_everything_goes_in_and_a_second_run_changes_nothing(self):
        with suite.Suite() as s, tempfile.TemporaryDirectory() as folder:
            made = self.generate(s, folder)
            customers = self.take_in(s, folder, "customers")
            self.assertEqual((customers["customers_created"], customers["rows_rejected"]),
                             (CUSTOMERS, {}))
            purchases = self.take_in(s, folder, "purchases")
            self.assertEqual((purchases["orders_imported"], purchases["lines_imported"],
                              purchases["customers_created"], purchases["rows_rejected"]),
                             (made["orders"], made["lines"], 0, {}))
            refunds = self.take_in(s, folder, "refunds")
            self.assertEqual((refunds["refunds_imported"], refunds["rows_rejected"]),
                             (made["refunds"], {}))
            again = [self.take_in(s, folder, what)
                     for what in ("customers", "purchases", "refunds")]
            self.assertEqual([{key: value for key, value in report.items()
                               if key not in ("rows_read", "seconds") and value}
                              for report in again], [{}, {}, {}])

    def test_customers_made_by_purchases_are_completed(self):
        with suite.Suite() as s, tempfile.TemporaryDirectory() as folder:
            self.generate(s, folder)
            self.assertEqual(self.take_in(s, folder, "purchases")["customers_created"], CUSTOMERS)
            file = rows_of(os.path.join(folder, "customers.csv"))
            organizations = [row for row in file if row["kind"] == "organization"]
            self.assertGreater(len(organizations), 0)
            customers = self.take_in(s, folder, "customers")
            self.assertEqual(customers["rows_rejected"],
                             {"CUSTOMER_KIND_MISMATCH": len(organizations)})
            self.assertEqual((customers["customers_created"], customers["customers_updated"]),
                             (0, CUSTOMERS - len(organizations)))
            person = next(row for row in file if row["kind"] == "person" and row["email"])
            kept = s.call("clientele.profile.v1.CustomerService/GetCustomer",
                          {"customer_id": "csv-" + person["customer"].lower()})
            self.assertEqual(kept["attributes"]["given_name"], person["given_name"])
            self.assertIn(person["email"], [each["value"] for each in kept["identifiers"]])
            again = self.take_in(s, folder, "customers")
            self.assertEqual(again["customers_updated"], 0)

    @staticmethod
    def generate(s, folder):
        return s.json("generate", "--customers", str(CUSTOMERS), "--seed", "7", "--out", folder)

    @staticmethod
    def take_in(s, folder, what):
        return s.json("import", what, "--format", "csv", os.path.join(folder, what + ".csv"))


if __name__ == "__main__":
    suite.main()
