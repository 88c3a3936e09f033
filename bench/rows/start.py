"""P14: from exec to the ready line with so many customers in both databases."""
import tempfile
import time

from bench.figures import Row, at_most
from tests.support import suite

# A million orders of a million customers on a slow disk.
IMPORT_SECONDS_MAX = 1800


def write_orders(path, customers):
    """One order of each."""
    with open(path, "w", encoding="utf-8") as file:
        file.write("order_number,customer,occur_time,currency,sku,category,quantity,unit_price\n")
        for i in range(customers):
            file.write(f"o-{i},c-{i:07},2025-06-01,EUR,sku-{i % 500},things,1,9.99\n")


def measure(options):
    customers = 1_000_000 if options.full else 100_000
    seconds = []
    with tempfile.TemporaryDirectory(prefix="clientele-p14-") as folder:
        write_orders(f"{folder}/orders.csv", customers)
        with suite.Suite(data_dir=folder) as s:
            s.run("import", "purchases", "--format", "csv", f"{folder}/orders.csv",
                  timeout=IMPORT_SECONDS_MAX)
            s.wait_caught_up(IMPORT_SECONDS_MAX)
            s.stop()
            for _ in range(options.rounds):
                started = time.monotonic()
                s.start()
                seconds.append(time.monotonic() - started)
                s.stop()
    return [Row("P14", f"cold start to ready, {customers:,} customers", "s", seconds,
                must=at_most(2))]
