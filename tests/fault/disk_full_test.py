"""A full disk or an unwritable folder is a sentence and a clean stop; nothing acknowledged is lost."""
import csv
import os
import stat
import subprocess
import tempfile
import unittest

from tests.support import suite

TMPFS_MB = 12


class DiskFull(unittest.TestCase):

    def setUp(self):
        if os.geteuid() != 0:
            self.skipTest("needs root to mount a size-limited tmpfs")
        self.folder = tempfile.mkdtemp(prefix="clientele-full-")
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={TMPFS_MB}m", "tmpfs",
                                  self.folder], capture_output=True, text=True)
        if mounted.returncode != 0:
            os.rmdir(self.folder)
            self.skipTest(f"cannot mount a tmpfs here: {mounted.stderr.strip()}")
        self.addCleanup(self.unmount)

    def unmount(self):
        subprocess.run(["umount", self.folder], check=True)
        os.rmdir(self.folder)

    def test_import_stops_with_a_sentence_and_keeps_what_was_acknowledged(self):
        s = suite.Suite(data_dir=self.folder)
        self.addCleanup(s.kill)
        with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="") as file:
            self.write_orders(file, 200_000)
            s.start()
            failed = s.run("import", "purchases", "--format", "csv", file.name, expect=1)
            self.assertIn("disk", failed.stderr.lower())
        refused = s.run("customers", "create", "--id", "one-more", "--display-name", "One More",
                        "--channel", "system", expect=None)
        if refused.returncode != 0:
            self.assertIn("disk", refused.stderr.lower())
        self.assertEqual(s.stop(), 0)
        subprocess.run(["mount", "-o", "remount,size=256m", self.folder], check=True)
        s.start()
        s.wait_caught_up()
        kept = sum(1 for _ in s.run("watch", "profile", "--stop-at-head", "--types",
                                    "clientele.profile.purchase.recorded.v1").stdout.splitlines())
        self.assertGreater(kept, 0)
        with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="") as file:
            self.write_orders(file, 40_000)
            again = s.json("import", "purchases", "--format", "csv", file.name)
        self.assertEqual(again["orders_imported"] + min(kept, 40_000), 40_000)
        s.stop()

    @staticmethod
    def write_orders(file, count):
        rows = csv.writer(file)
        rows.writerow(["order_number", "customer", "occur_time", "currency", "sku", "category",
                       "quantity", "unit_price"])
        for i in range(count):
            rows.writerow([f"o-{i:06}", f"c-{i % 1000:04}", "2026-01-01", "EUR", f"sku-{i % 50}",
                           "things", 1, "9.99"])
        file.flush()


class UnwritableFolder(unittest.TestCase):

    def start_in(self, folder):
        return subprocess.run([suite.binary(), "up", "--data-dir", folder, "--ports", "0"],
                              capture_output=True, text=True, timeout=60)

    def test_a_file_in_the_way_is_a_sentence(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "file")
            with open(path, "w", encoding="utf-8"):
                pass
            done = self.start_in(path)
            self.assertEqual(done.returncode, 1)
            self.assertIn(path, done.stderr)

    def test_a_read_only_folder_is_a_sentence(self):
        if os.geteuid() == 0:
            # Root may write into a folder without write permission, but not into /proc.
            done = self.start_in("/proc/clientele")
            self.assertEqual(done.returncode, 1)
            self.assertIn("/proc/clientele", done.stderr)
            return
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, stat.S_IRUSR | stat.S_IXUSR)
            done = self.start_in(folder)
            self.assertEqual(done.returncode, 1)
            self.assertIn(folder, done.stderr)


if __name__ == "__main__":
    suite.main()
