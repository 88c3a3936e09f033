"""A full disk or an unwritable folder is a sentence and a clean stop; nothing acknowledged is lost."""
import os
import stat
import subprocess
import tempfile
import unittest

from tests.support import acknowledged, suite

TMPFS_MB = 12
# More than it takes, in files of two batches.
ORDERS = 40_000
PIECE = 2_000


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
        pieces = acknowledged.Pieces(
            self.enterContext(tempfile.TemporaryDirectory(prefix="clientele-pieces-")), ORDERS,
            PIECE)
        s.start()
        failed = pieces.import_until_refused(s.run)
        self.assertIsNotNone(failed, "the disk is too large")
        self.assertEqual(failed.returncode, 1)
        self.assertIn("disk", failed.stderr.lower())
        refused = s.run("customers", "create", "--id", "one-more", "--display-name", "One More",
                        "--channel", "system", expect=None)
        if refused.returncode != 0:
            self.assertIn("disk", refused.stderr.lower())
        self.assertEqual(s.stop(), 0)
        subprocess.run(["mount", "-o", "remount,size=256m", self.folder], check=True)
        s.start()
        stored = pieces.check(acknowledged.stored_in_sqlite(self.folder))
        s.wait_caught_up()
        told = s.run("watch", "profile", "--stop-at-head", "--types",
                     "clientele.profile.purchase.recorded.v1").stdout.splitlines()
        self.assertEqual(len(told), len(stored))
        self.assertEqual(pieces.import_again(s.run), ORDERS - len(stored))
        s.stop()


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
