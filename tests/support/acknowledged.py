"""Purchases whose acknowledgements are noted, and the look whether each of them is stored."""
import contextlib
import csv
import os
import pathlib
import re
import sqlite3

SOURCE = "csv"
CUSTOMERS = 1000
GROSS_MINOR = 999
HEADER = ("order_number", "customer", "occur_time", "currency", "sku", "category", "quantity",
          "unit_price")
STORED_SQL = ("SELECT order_number, customer_id, gross_minor FROM %s"
              f" WHERE source_system = '{SOURCE}'")


class Pieces:
    """Orders in files of `size`, which are imported one after the other: whose import ends well is
    acknowledged to the last order. Of the one that fails, what its importer says got in."""

    def __init__(self, folder, count, size, day="2026-01-01"):
        self._size, self._day = size, day
        self.paths = [os.path.join(folder, f"piece-{at // size}.csv")
                      for at in range(0, count, size)]
        self.acknowledged = {}  # order_number: what is stored of it
        self.failed_orders = set()
        self.failed_acknowledged_count = 0

    def import_until_refused(self, run_cli):
        """`run_cli` runs `clientele` whatever its exit code. Returns the process that failed, or
        None."""
        for number, path in enumerate(self.paths):
            done = self._import(number, run_cli)
            if done.returncode != 0:
                note = re.search(r"([\d,]+) new orders of [\d,]+ got in", done.stderr)
                self.failed_acknowledged_count = _count(note.group(1)) if note else 0
                self.failed_orders = set(self._orders(number))
                return done
            self.acknowledged.update(self._orders(number))
        return None

    def import_again(self, run_cli):
        """Imports every piece; returns how many orders were new, or None when one fails."""
        new_count = 0
        for number in range(len(self.paths)):
            done = self._import(number, run_cli)
            if done.returncode != 0:
                return None
            new_count += self._answered(done)[0]
        return new_count

    def _import(self, number, run_cli):
        self._write(number)
        done = run_cli("import", "purchases", "--format", SOURCE, self.paths[number], expect=None)
        if done.returncode == 0 and sum(self._answered(done)) != self._size:
            raise AssertionError(f"not every order was taken:\n{done.stdout}\n{done.stderr}")
        return done

    @staticmethod
    def _answered(done):
        """How many orders were new, and how many there already."""
        return [_count(text) for text in
                re.search(r"^orders +([\d,]+) +([\d,]+)", done.stdout, re.MULTILINE).groups()]

    def _orders(self, number):
        return {f"o-{i:06}": (f"{SOURCE}-c-{i % CUSTOMERS:04}", GROSS_MINOR)
                for i in range(number * self._size, (number + 1) * self._size)}

    def _write(self, number):
        with open(self.paths[number], "w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(HEADER)
            for order_number, (customer, _) in self._orders(number).items():
                rows.writerow([order_number, customer.removeprefix(f"{SOURCE}-"), self._day, "GBP",
                               "sku", "things", 1, f"{GROSS_MINOR / 100}"])

    def violations(self, stored):
        """What is wrong with the stored purchases (stored_in_…); empty when nothing is."""
        found = []
        if len(dict(stored)) != len(stored):
            found.append(f"{len(stored) - len(dict(stored))} orders are there twice")
        stored = dict(stored)
        lost = [order for order, what in self.acknowledged.items() if stored.get(order) != what]
        if lost:
            found.append(f"{len(lost)} of {len(self.acknowledged)} acknowledged orders are lost or"
                         f" others: {lost[:5]}")
        kept = len(self.failed_orders & stored.keys())
        if kept < self.failed_acknowledged_count:
            found.append(f"{self.failed_acknowledged_count} orders were acknowledged before the"
                         f" error, {kept} are there")
        return found

    def check(self, stored_after):
        """Nothing acknowledged is lost by the SQL that `stored_after` runs first, and would be
        found if it were. Returns what is stored."""
        stored = stored_after("")
        found = self.violations(stored)
        if found or not self.acknowledged:
            raise AssertionError(found or "nothing was acknowledged")
        victim = max(self.acknowledged)  # the last one: nothing after it tells of a hole
        found = self.violations(stored_after(
            f"DELETE FROM %s WHERE source_system = '{SOURCE}' AND order_number = '{victim}'"))
        if len(found) != 1 or victim not in found[0]:
            raise AssertionError(f"{victim} was deleted, and what is found is {found}")
        return stored


def _count(text):
    return int(text.replace(",", ""))


def stored_in_postgres(database):
    """For Pieces.check: what profile has stored, after SQL that is rolled back."""
    table = "profile.purchase"

    def stored_after(defect):
        before = f"BEGIN; {defect % table}; " if defect else "BEGIN; "
        lines = database.psql(f"{before}{STORED_SQL % table}; ROLLBACK").splitlines()
        return [(order, (customer, int(gross)))
                for order, customer, gross in (line.split("|") for line in lines)]

    return stored_after


def stored_in_sqlite(data_dir):
    """For Pieces.check: what profile has stored, after SQL that only a copy sees."""
    path = pathlib.Path(data_dir, "profile.db")

    def stored_after(defect):
        source = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
        with contextlib.closing(source), contextlib.closing(sqlite3.connect(":memory:")) as copy:
            source.backup(copy)
            if defect:
                copy.execute(defect % "purchase")
            return [(order, (customer, gross))
                    for order, customer, gross in copy.execute(STORED_SQL % "purchase")]

    return stored_after
