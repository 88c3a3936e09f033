"""Bad input gets a sentence: broken files, wrong flags, taken ports, locked folders."""
import json
import os
import subprocess
import tempfile
import unittest

from tests.support import suite

HEADER = "order_number,customer,occur_time,currency,sku,category,quantity,unit_price\n"


class BadInput(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.suite = suite.Suite().start()
        cls.addClassCleanup(cls.suite.__exit__)

    def file(self, text):
        file = tempfile.NamedTemporaryFile("w", suffix=".csv", delete=False, encoding="utf-8")
        self.addCleanup(os.unlink, file.name)
        with file:
            file.write(text)
        return file.name

    def test_a_broken_line_is_named_and_the_rest_goes_in(self):
        path = self.file(HEADER
                         + "b-1,ann,2026-01-01,EUR,s,c,1,1.00\n"
                         + "b-2,bob,not a time,EUR,s,c,1,1.00\n"
                         + 'b-3,eve,2026-01-01,EUR,"unterminated,c,1,1.00\n'
                         + "b-4,joe,2026-01-02,EUR,s,c,1,1.00\n"
                         + "b-5,kim,2026-01-02,EUR,s\n")
        done = self.suite.run("import", "purchases", "--format", "csv", path, "--json")
        result = json.loads(done.stdout)
        self.assertEqual(result["rows_read"], 5)
        self.assertEqual(result["orders_imported"], 2)
        self.assertEqual(sum(result["rows_rejected"].values()), 3)
        for line in ("3", "4", "6"):
            self.assertIn(line, done.stderr)

    def test_a_missing_file_and_a_wrong_header_are_sentences(self):
        missing = self.suite.run("import", "purchases", "--format", "csv", "/no/such/file",
                                 expect=1)
        self.assertIn("/no/such/file", missing.stderr)
        wrong = self.suite.run("import", "purchases", "--format", "csv", self.file("a,b,c\n"),
                               expect=1)
        self.assertIn("header", wrong.stderr)

    def test_usage_errors_exit_with_2(self):
        self.suite.run("import", "purchases", "--format", "no-such-format", "x", expect=2)
        self.suite.run("rfm", "run", expect=2)
        self.suite.run("no-such-command", expect=2)

    def test_unknown_ids_and_methods_exit_with_1_and_say_why(self):
        error = self.suite.call("clientele.profile.v1.CustomerService/GetCustomer",
                                {"customer_id": "nobody-here"}, expect=1)["error"]
        self.assertEqual(error["code"], "NOT_FOUND")
        self.assertEqual(error["details"][0]["reason"], "CUSTOMER_NOT_FOUND")
        self.assertEqual(error["details"][0]["domain"], "profile.clientele")
        self.suite.call("clientele.profile.v1.CustomerService/NoSuchMethod", {}, expect=1)
        self.suite.call("clientele.profile.v1.CustomerService/GetCustomer", {"customerr": 1},
                        expect=1)

    def test_a_watch_for_types_that_a_service_does_not_have_is_refused(self):
        known = "clientele.profile.purchase.recorded.v1"
        self.suite.run("watch", "profile", "--stop-at-head", "--types", known)
        wrong = self.suite.run("watch", "profile", "--stop-at-head", "--types",
                               known + ",clientele.profile.purchase.recoded.v1", expect=1)
        self.assertIn("types[1]", wrong.stderr)
        none = self.suite.run("watch", "segmentation", "--stop-at-head", "--types", known, expect=1)
        self.assertIn("types[0]", none.stderr)

    def test_a_locked_folder_and_a_taken_port_are_sentences(self):
        second = subprocess.run([suite.binary(), "up", "--data-dir", self.suite.data_dir,
                                 "--ports", "0"], capture_output=True, text=True, timeout=60)
        self.assertEqual(second.returncode, 1)
        self.assertIn(self.suite.data_dir, second.stderr)
        with tempfile.TemporaryDirectory() as folder:
            port = self.suite.ready_line.split("profile=127.0.0.1:")[1].split()[0]
            taken = subprocess.run([suite.binary(), "up", "--data-dir", folder, "--ports", port],
                                   capture_output=True, text=True, timeout=60)
            self.assertEqual(taken.returncode, 1)
            self.assertIn(port, taken.stderr)

    def test_the_rest_of_the_suite_does_not_answer_for_a_stopped_server(self):
        with suite.Suite() as other:
            address = other.ready_line.split("profile=")[1].split()[0]
        done = subprocess.run([suite.binary(), "customers", "get", "nobody", "--server", address,
                               "--timeout", "5"], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn("UNAVAILABLE", done.stderr)


if __name__ == "__main__":
    suite.main()
