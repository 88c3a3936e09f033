"""What the table and the chart say of figures."""
import pathlib
import tempfile
import unittest
from unittest import mock
from xml.etree import ElementTree

from bench import figures, growth, plot, scaling
from bench.figures import Row, at_least, at_most
from bench.rows import cache
from tests.support import suite


class RowTest(unittest.TestCase):
    def test_judges_the_median_of_the_ratios_of_the_rounds(self):
        row = Row("P3", "postings", "/s", [400, 10, 500], "TPC-B", [100, 100, 100], at_least(4))
        self.assertEqual(row.ratios(), [4, 0.1, 5])
        self.assertTrue(row.is_met())
        row.ours[0] = 399
        self.assertFalse(row.is_met())

    def test_turns_the_ratio_of_durations_round(self):
        row = Row("P10", "import", "s", [2.0], "COPY", [0.5], at_least(0.2), is_speedup=True)
        self.assertEqual(row.ratios(), [0.25])
        self.assertTrue(row.is_met())

    def test_judges_our_own_figure_when_there_is_no_rival(self):
        self.assertTrue(Row("P11", "queries", ours=[10], must=at_most(10)).is_met())
        self.assertFalse(Row("P11", "queries", ours=[11], must=at_most(10)).is_met())

    def test_never_calls_met_what_was_not_measured(self):
        for row in (Row("P3", "postings", rival="needs postgresql-15", must=at_least(4)),
                    Row("P7", "re-score", "s", [1.0], "DuckDB: missing", [], at_least(3))):
            self.assertIsNone(row.is_met())
            self.assertEqual(row.cells()[-2], "not measured")

    def test_says_in_the_table_what_falls_short(self):
        row = Row("P1", "cached", "/s", [700.0], "empty", [1000.0], at_least(0.8))
        self.assertEqual(row.cells(), ["P1", "cached", "700.00 /s (700.00-700.00)",
                                       "empty 1,000 /s (1,000-1,000)", "0.70 x (0.70-0.70)",
                                       "≥ 0.8", "**no**", "-"])

    def test_says_the_cpu_of_an_operation_where_it_is_measured(self):
        row = Row("P1", "cached", "/s", [7.0, 7.0, 7.0], cpu_us=[30.0, 20.0, 90.04])
        self.assertEqual(row.cells()[-1], "30.0 µs")
        row.cpu_us_theirs = [10.0, 1234.56, 2000.0]
        self.assertEqual(row.cells()[-1], "30.0 : 1,234.6 µs")

    def test_leaves_the_rest_of_the_page_as_it_is(self):
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder, "page.md")
            page.write_text("a\n<!-- table -->\nold\n<!-- end of table -->\nz\n")
            figures.replace_between(page, "table", "new\n")
            self.assertEqual(page.read_text(),
                             "a\n<!-- table -->\nnew\n<!-- end of table -->\nz\n")


class CacheTest(unittest.TestCase):
    def test_the_must_of_p1_is_without_the_audit_log_and_beside_a_server_of_our_own(self):
        found = {"misses": 1000, "sql_queries": [3]}
        for side, rate in (("bare", 1000), ("empty", 800), ("cached", 640), ("audited", 600)):
            found |= {f"{side}_per_s": [rate], f"{side}_cpu_us_each": [10]}
        with mock.patch("bench.rows.cache.run_program", return_value=found):
            ours, audited, bare, misses = cache.measure(mock.Mock(rounds=1))
        self.assertEqual((ours.ratios(), ours.is_met()), ([0.8], True))
        self.assertEqual((audited.ratios(), audited.is_met()), ([0.75], None))
        self.assertEqual((bare.ratios(), bare.is_met()), ([0.6], None))
        self.assertTrue(misses.is_met())


class GrowthTest(unittest.TestCase):
    def grown(self, micros_at, **more):
        found = growth.Growth("P7", "an order", "order", 100_000, lambda size: micros_at(size) / 1e6,
                              **more)
        found.measure(2)
        return found

    def test_a_scan_that_costs_the_same_for_each_is_linear(self):
        found = self.grown(lambda size: 5)
        self.assertAlmostEqual(found.growth(), 1)
        self.assertEqual(found.cells()[-1], "yes")

    def test_a_scan_that_gets_dearer_for_each_falls_short(self):
        found = self.grown(lambda size: size ** 0.2)
        self.assertAlmostEqual(found.growth(), 1.2)
        self.assertEqual(found.cells()[-1], "**no**")

    def test_a_look_up_may_grow_as_a_logarithm_and_no_more(self):
        found = self.grown(lambda size: len(str(size)), is_lookup=True)
        self.assertAlmostEqual(found.limit(), 5 / 3)
        self.assertEqual(found.cells()[-1], "yes")
        found = self.grown(lambda size: 1 + size / 1000, is_lookup=True)
        self.assertEqual(found.cells()[-1], "**no**")


class ScalingTest(unittest.TestCase):
    def test_the_page_says_what_follows_from_the_figures(self):
        """docs/scaling.md of docs/performance.md: bench/run.sh --write makes them agree."""
        made = scaling.table(scaling.PERFORMANCE.read_text(encoding="utf-8"))
        page = scaling.SCALING.read_text(encoding="utf-8")
        self.assertIn(f"<!-- {scaling.MARK} -->\n{made}<!-- end of {scaling.MARK} -->", page)

    def test_the_page_has_no_figure_of_speed_of_its_own(self):
        page = scaling.SCALING.read_text(encoding="utf-8")
        before, rest = page.split(f"<!-- {scaling.MARK} -->")
        after = rest.split(f"<!-- end of {scaling.MARK} -->")[1]
        self.assertNotRegex(f"{before} {after}", r"\d /s\b|\d µs\b|\bfed \d|\d s for ")

    def test_another_figure_makes_another_table(self):
        page = scaling.PERFORMANCE.read_text(encoding="utf-8")
        cell = scaling.find_row(page, "P13", "events")[2]
        changed = scaling.table(page.replace(cell, "5,000 /s (1-9,000)"))
        self.assertIn("| events to one consumer | 5,000 /s | < 0.001 × | 0.05 × | 0.5 × |", changed)
        with self.assertRaisesRegex(LookupError, "no figure for P13, events"):
            scaling.table(page.replace(cell, "-"))
        with self.assertRaisesRegex(LookupError, "no P13, events"):
            scaling.table(page.replace("| P13 | events", "| P13 | other"))

    def test_says_how_long_work_takes_by_what_its_row_counts(self):
        cells = ["P7", "re-score, 1,000 orders", "0.50 s (0.40-0.60)"]
        rate = scaling.rate_of(cells, r"([\d,]+) orders")
        self.assertEqual(scaling.work_cells("all", rate, 200_000),
                         ["all", "2,000 /s", "100 s", "2.8 h", "28 h"])


class PlotTest(unittest.TestCase):
    def test_draws_a_line_a_label_and_the_ways_from_lowest_to_highest(self):
        lines = [plot.Line("P3 <posting>", [(1, 9, 10, 11), (10, 10, 10, 10), (100, 9, 20, 30)]),
                 plot.Line("P7", [(1, 9, 10, 11), (10, 10, 10, 10), (100, 9, 20, 30)])]
        svg = ElementTree.fromstring(plot.chart("Cost", lines, "size", "µs"))
        kinds = [element.tag.rpartition("}")[2] for element in svg]
        self.assertEqual(kinds.count("polyline"), 2)
        self.assertEqual(kinds.count("circle"), 6)
        labels = [element for element in svg if element.text in ("P3 <posting>", "P7")]
        self.assertGreaterEqual(abs(float(labels[0].get("y")) - float(labels[1].get("y"))),
                                plot.LABEL_PIXELS)

    def test_gives_a_higher_figure_a_higher_place(self):
        scale = plot.Scale([0.5, 200], 400, 50)
        self.assertEqual(scale.decades(), [0.1, 1, 10, 100, 1000])
        self.assertEqual((scale.pixel(0.1), scale.pixel(1000)), (400, 50))
        self.assertGreater(scale.pixel(10), scale.pixel(11))


if __name__ == "__main__":
    suite.main()
