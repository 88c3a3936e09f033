"""Bad input gets a sentence: broken files, wrong flags, taken ports, locked folders."""
import json
import os
import subprocess
import tempfile
import unittest

from tests.support import suite

HEADER = "order_number,customer,occur_time,currency,sku,category,quantity,unit_price\n"
# Of each kind of record that is imported one by one: a file of which the first row is sound, and
# why the others are not taken.
RECORDS = {
    "customers": (
        b"customer,kind,given_name,birth_date,email,occur_time\n"
        b"r-eve,person,Eve,1990-02-28,eve@example.org,2026-01-01\n"
        b"r-kim,robot,Kim,,,2026-01-01\n"
        b"r-joe,person,Joe,31.12.1999,,2026-01-01\n"
        b"r-pat,person,Pat,,,never\n"
        b"r-max,person\n"
        b"r-lee,person,L\xff\xfe,,,2026-01-01\n"
        b"r-amy,person,Amy,,nowhere,2026-01-01\n",
        "customers_created",
        {"INVALID_KIND": "3", "INVALID_ARGUMENT": "4", "INVALID_TIME": "5", "MALFORMED_ROW": "6",
         "INVALID_UTF8": "7", "INVALID_EMAIL": "8"}),
    "refunds": (
        b"order_number,refund_number,customer,occur_time,line_number,quantity,reason\n"
        b"r-1,1,r-ann,2026-01-03,2,1,broken\n"
        b"r-1,2,r-ann,never,2,1,\n"
        b"r-1,3,r-ann,2026-01-03,2,many,\n"
        b"r-1,4,r-ann,2026-01-03,7,1,\n"
        b"r-1,5\n"
        b"r-1,6,r-ann,2026-01-03,2,1,\xff\xfe\n",
        "refunds_imported",
        {"INVALID_TIME": "3", "INVALID_QUANTITY": "4", "UNMATCHED_REFUND": "5",
         "MALFORMED_ROW": "6", "INVALID_UTF8": "7"}),
    "complaints": (
        b"complaint,customer,occur_time,channel,type,severity,subject\n"
        b"r-1,r-ann,2026-01-02,web,delivery,2,late\n"
        b"r-2,r-ann,never,web,delivery,2,late\n"
        b"r-3,r-ann,2026-01-02,pigeon,delivery,2,late\n"
        b"r-4,r-ann,2026-01-02,web,mood,2,late\n"
        b"r-5,r-ann,2026-01-02,web,delivery,9,late\n"
        b"r-6,r-nobody,2026-01-02,web,delivery,2,late\n"
        b"r-7,r-ann,2026-01-02,web,delivery,2,\n"
        b"r-8,r-ann,2026-01-02\n"
        b"r-9,r-ann,2026-01-02,web,delivery,2,l\xff\xfe\n",
        "complaints_filed",
        {"INVALID_TIME": "3", "INVALID_CHANNEL": "4", "INVALID_TYPE": "5", "INVALID_SEVERITY": "6",
         "CUSTOMER_NOT_FOUND": "7", "INVALID_ARGUMENT": "8", "MALFORMED_ROW": "9",
         "INVALID_UTF8": "10"}),
}


class BadInput(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.suite = suite.Suite().start()
        cls.addClassCleanup(cls.suite.__exit__)

    def file(self, text):
        """A file with `text`, which may be bytes."""
        file = tempfile.NamedTemporaryFile(suffix=".csv", delete=False)
        self.addCleanup(os.unlink, file.name)
        with file:
            file.write(text if isinstance(text, bytes) else text.encode())
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

    def test_each_broken_row_of_a_record_file_is_listed_with_its_reason(self):
        self.suite.json("import", "purchases", "--format", "csv",
                        self.file(HEADER + "r-1,r-ann,2026-01-01,EUR,s,c,2,10.00\n"))
        for kind, (text, taken, reasons) in RECORDS.items():
            with self.subTest(kind):
                done = self.suite.run("import", kind, "--format", "csv", self.file(text), "--json")
                result = json.loads(done.stdout)
                self.assertEqual(result["rows_read"], text.count(b"\n") - 1)
                self.assertEqual(result[taken], 1)
                self.assertEqual(result["rows_rejected"], dict.fromkeys(reasons, 1))
                for reason, line in reasons.items():
                    self.assertRegex(done.stderr,
                                     rf"rejected: {reason}, 1 row\n  [^\n]+: line {line}\n")

    def test_a_record_file_that_is_none_is_a_sentence(self):
        for kind in ("customers", "refunds", "complaints"):
            for path, words in (("/no/such/file", "/no/such/file"), (self.file(""), "header"),
                                (self.file("a,b,c\n1,2,3\n"), "header")):
                with self.subTest(kind=kind, words=words):
                    done = self.suite.run("import", kind, "--format", "csv", path, expect=1)
                    self.assertIn(words, done.stderr)

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
            self.assertRegex(taken.stderr, port + ".* taken by another program: --ports takes others")

    def test_the_rest_of_the_suite_does_not_answer_for_a_stopped_server(self):
        with suite.Suite() as other:
            address = other.ready_line.split("profile=")[1].split()[0]
        done = subprocess.run([suite.binary(), "customers", "get", "nobody", "--server", address,
                               "--timeout", "5"], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn("UNAVAILABLE", done.stderr)


if __name__ == "__main__":
    suite.main()
