#!/usr/bin/env python3
"""Writes a small, seeded sample of purchases in the csv format of `clientele import purchases`.

Usage: sample_purchases.py FILE [--customers N] [--seed S]      (defaults 2000, 1)
Customers differ in how often they buy, how much they spend and when they drift away, so that every
RFM segment has members. The same arguments give the same file. The year ends on 2025-12-31.
"""
import argparse
import csv
import datetime
import random

YEAR_END = datetime.datetime(2025, 12, 31, 18, 0)
DAYS = 365
CATALOGUE = [("tea", "grocery", 4.50), ("coffee", "grocery", 7.90), ("mug", "kitchen", 9.50),
             ("kettle", "kitchen", 39.00), ("lamp", "home", 24.90), ("blanket", "home", 45.00),
             ("notebook", "office", 3.20), ("pen", "office", 1.75), ("chair", "office", 129.00)]
CHANNELS = ["web", "web", "web", "app", "store"]
REGIONS = ["North", "South", "East", "West"]


def orders_of(customer, rng):
    """Yields (time, lines) of one customer: a Poisson process that ends when the customer leaves."""
    orders_a_year = rng.gammavariate(0.9, 6.0) + 0.4
    spend = rng.lognormvariate(0.0, 0.6)
    leaves_after = rng.expovariate(1 / 500)
    day = rng.uniform(0, DAYS * 0.9)
    end = min(DAYS, day + leaves_after)
    region = rng.choice(REGIONS)
    while day < end:
        time = YEAR_END - datetime.timedelta(days=DAYS - day)
        lines = [(*rng.choice(CATALOGUE), max(1, round(rng.expovariate(1 / (1.5 * spend)))))
                 for _ in range(rng.randint(1, 4))]
        yield time.replace(second=0, microsecond=0), rng.choice(CHANNELS), region, lines
        day += rng.expovariate(orders_a_year / DAYS)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file")
    parser.add_argument("--customers", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    orders = []
    for number in range(1, options.customers + 1):
        customer = f"{number:05}"
        orders += [(*order, customer) for order in orders_of(customer, rng)]
    orders.sort(key=lambda order: (order[0], order[4]))
    with open(options.file, "w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow("order_number,customer,occur_time,currency,sku,category,quantity,unit_price,"
                      "channel,store,region".split(","))
        for number, (time, channel, region, lines, customer) in enumerate(orders, 1):
            for sku, category, price, quantity in lines:
                rows.writerow([f"S{number:06}", customer, time.isoformat(sep=" "), "EUR", sku,
                               category, quantity, f"{price:.2f}", channel, "", region])


if __name__ == "__main__":
    main()
