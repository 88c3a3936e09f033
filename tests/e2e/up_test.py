"""What `clientele up` does as a process: its limit of open files, and settings it takes anew."""
import os
import pathlib
import re
import resource
import signal
import tempfile
import unittest

from tests.support import process, suite

SERVICES = ("profile", "segmentation", "loyalty", "complaints")
FEW_FILES = 256
CALLS = 10


def refused_count(servers, service):
    """How many of some calls in a row are refused as their caller has used its share."""
    answers = [servers.run("call", "clientele.common.v1.EventService/GetFeedHead", "{}",
                           "--service", service, expect=None) for _ in range(CALLS)]
    return sum("RATE_LIMITED" in answer.stdout + answer.stderr for answer in answers)


class UpTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.settings = pathlib.Path(folder.name, "settings.yaml")

    def reload(self, servers, settings, event):
        """Has the servers read other settings, and waits until they say `event` to them."""
        said_before = servers.log_text().count(event)
        self.settings.write_text(settings)
        os.kill(servers.pid, signal.SIGHUP)
        process.wait_until(lambda: servers.log_text().count(event) > said_before, event)

    def test_takes_all_the_files_that_the_system_gives(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        resource.setrlimit(resource.RLIMIT_NOFILE, (FEW_FILES, hard))
        with suite.Suite() as servers:
            limits = pathlib.Path(f"/proc/{servers.pid}/limits").read_text()
            self.assertEqual(re.search(r"Max open files +(\d+) +(\d+)", limits).groups(),
                             (str(hard), str(hard)))

    def test_takes_new_limits_at_sighup_and_keeps_them_when_the_next_are_wrong(self):
        self.settings.write_text("limits: {calls_per_second: 0}\n")
        with suite.Suite(args=("--config", str(self.settings))) as servers:
            for service in SERVICES:
                self.assertEqual(refused_count(servers, service), 0)
            self.reload(servers, "limits: {calls_per_second: 1, burst: 2}\n", '"reloaded"')
            for service in SERVICES:
                self.assertGreater(refused_count(servers, service), 0)
            ops = re.search(r"ops=(\S+)", servers.ready_line).group(1)
            self.assertEqual(process.get(ops, "/config")[1].count("calls_per_second: 1\n"),
                             len(SERVICES))
            self.reload(servers, "limits: {principals: [local]}\n", '"reload_refused"')
            self.assertGreater(refused_count(servers, "profile"), 0)

    def test_says_that_purchases_in_another_currency_earn_nothing(self):
        orders = pathlib.Path(self.settings.parent, "orders.csv")
        orders.write_text("order_number,customer,occur_time,currency,sku,category,quantity,"
                          "unit_price\no-1,c-1,2026-10-01,EUR,s,c,1,500.00\n"
                          "o-2,c-2,2026-10-01,EUR,s,c,1,500.00\n")
        data_dir = str(self.settings.parent)
        with suite.Suite(data_dir) as servers:
            servers.run("import", "purchases", "--format", "csv", str(orders))
            process.wait_until(lambda: '"other_currency"' in servers.log_text(), "it says so")
            self.assertIn('"currency_code":"EUR","program_currency_code":"GBP"',
                          servers.log_text())
            servers.wait_caught_up(service="loyalty")
            self.assertEqual(servers.log_text().count('"other_currency"'), 1)
            self.assertNotIn("program_currency_kept", servers.log_text())
        with suite.Suite(data_dir, args=("--program-currency", "EUR")) as servers:
            self.assertRegex(servers.log_text(), '"program_currency_kept".*"currency_code":"EUR",'
                             '"program_currency_code":"GBP"')

    def test_makes_no_new_key_beside_databases(self):
        with suite.Suite() as servers:
            key, saved = (pathlib.Path(servers.data_dir, name) for name in ("key", "saved"))
            self.assertEqual(servers.stop(), 0)
            key.rename(saved)
            refused = suite.run_cli("up", "--data-dir", servers.data_dir, "--ports", "0", expect=1)
            self.assertIn(f"there is no key file {key}, but {servers.data_dir} holds databases",
                          refused.stderr)
            self.assertFalse(key.exists())
            key.write_bytes(bytes(32))
            key.chmod(0o600)
            refused = suite.run_cli("up", "--data-dir", servers.data_dir, "--ports", "0", expect=1)
            self.assertIn(f"the key in {key} is not the one that this database", refused.stderr)
            saved.rename(key)
            servers.start()

    def test_names_the_key_that_it_does_not_take(self):
        self.settings.write_text("limits: {calls: 1}\n")
        with tempfile.TemporaryDirectory() as folder:
            refused = suite.run_cli("up", "--data-dir", folder, "--ports", "0", "--config",
                                    str(self.settings), expect=None)
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("limits.calls", refused.stderr)

    def test_refuses_a_business_time_to_come(self):
        later = "2999-01-01T00:00:00Z"
        refused = suite.run_cli("up", "--business-time", later, expect=None)
        self.assertEqual(refused.returncode, 2)
        self.assertIn(f"--business-time {later}: must not be later than now", refused.stderr)

    def test_says_which_currencies_a_program_may_have(self):
        refused = suite.run_cli("up", "--program-currency", "XXX", expect=None)
        self.assertEqual(refused.returncode, 2)
        self.assertRegex(refused.stderr, "--program-currency XXX: .*EUR.*USD")

    def test_its_help_says_where_the_log_goes(self):
        self.assertIn("clientele up 2>up.log", suite.run_cli("up", "--help").stdout)

    def test_addresses_stay_only_after_a_kill_and_are_named_then(self):
        with suite.Suite() as servers:
            file = os.path.join(servers.data_dir, "endpoints.json")
            self.assertTrue(os.path.exists(file))
            self.assertEqual(servers.stop(), 0)
            self.assertFalse(os.path.exists(file))
            self.assertIn('"stopping"', servers.log_text())
            servers.start()
            servers.kill()
            away = servers.run("customers", "list", "--timeout", "5", expect=1)
            self.assertIn(f"The address is from {file}, which a killed one leaves", away.stderr)

    def test_goes_on_at_sighup_without_settings(self):
        with suite.Suite() as servers:
            os.kill(servers.pid, signal.SIGHUP)
            process.wait_until(lambda: '"reloaded"' in servers.log_text(), "reloaded")
            self.assertEqual(refused_count(servers, "profile"), 0)


if __name__ == "__main__":
    suite.main()
