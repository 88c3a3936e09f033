"""Every service is brought from an older release to this one and back again, replica by replica on
one PostgreSQL, while callers use it as the published service configs say (proto/service_config): no
call fails, no answer contradicts another, the points add up, every complaint is as was told, and
every run of segmentation succeeds, whichever release worked on it (quality.md R9).

The newer release is made up: this one with the further migrations of tests/next_release. The older
one is this one, or that whose binaries are in the folder $CLIENTELE_TEST_PREVIOUS; docs/upgrade.md says
how to get them.

Without a service config, so without another replica to turn to, calls of each service must fail:
then the load would notice.
"""
import os
import pathlib

from tests.support import history_load, process, suite
from tests.support.server import programs

CONFIGS = str(suite.ROOT / "proto/service_config")
# In the order in which a release is rolled out: who is called comes before who calls.
SERVICES = ("profile", "loyalty", "segmentation", "complaints")
NOTHING_TO_APPLY = "nothing to apply\n"  # the end of what migrate --dry-run says then
# What happens meanwhile takes that long at least: 16 servers drain.
OPERATIONS_MIN = 2000


def older():
    """The folder of the older binaries."""
    return pathlib.Path(os.environ.get("CLIENTELE_TEST_PREVIOUS") or programs())


def newer():
    """The folder of the newer ones."""
    return programs().parent / "next_release"


class OnEveryService(history_load.OnHistories):
    services = SERVICES
    # Long enough for callers to hear that a server is about to stop.
    settings = {"drain_delay": "500ms"}

    def wait_caught_up(self):
        """Also for the runs of segmentation: they are counted when the load has ended."""
        super().wait_caught_up()
        process.wait_until(
            lambda: self.number("SELECT COUNT(*) FROM segmentation.rfm_run WHERE state < 3") == 0,
            "every run has ended")

    def load_all(self, *args, meanwhile):
        """run_load on all four services."""
        others = [argument for service in ("segmentation", "complaints")
                  for argument in (f"--{service}",
                                   ",".join(s.address for s in self.replicas[service]))]
        return self.run_load(0, *others, *args, meanwhile=meanwhile)


class RollingUpgrade(OnEveryService):

    def setUp(self):
        self.release = older()
        super().setUp()

    def plan(self, service, release):
        """What `migrate` of a release would apply, in its words."""
        server = self.replicas[service][0]
        server.programs = release
        done = server.run("migrate", "--dry-run")
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def migrate(self, service, release):
        server = self.replicas[service][0]
        server.programs = release
        server.migrate()

    def bring(self, services, release):
        """Replaces the first server of each of these services, and when all are ready the other."""
        for service in services:
            self.migrate(service, release)
        for servers in zip(*(self.replicas[service] for service in services)):
            for server in servers:
                server.programs = release
                server.server.terminate()
            for server in servers:
                self.assertEqual(server.server.wait(), 0)
            for server in servers:
                server.spawn()
            for server in servers:
                server.wait_ready()

    def check_schemas_differ(self):
        for service in SERVICES:
            plan = self.plan(service, newer())
            print(f"-- {service}\n{plan}", end="", flush=True)
            self.assertIn("would apply 9001", plan)
            self.assertNotIn("cannot go on", plan, "no pair for a rolling upgrade: servers have to"
                                                   " stop before this schema")

    def check(self, upgrade, go_back):
        self.check_schemas_differ()

        def there_and_back():
            upgrade()
            for service in SERVICES:
                self.assertTrue(self.plan(service, self.release).endswith(NOTHING_TO_APPLY))
            go_back()

        found = self.load_all("--service-configs", CONFIGS, meanwhile=there_and_back)
        self.assertGreater(found["operations"], OPERATIONS_MIN)
        self.assertGreater(found["runs"], 1)
        self.assertGreater(found["complaints"], 0)
        self.check_agreement(found)

    def verify_ledger(self):
        """By servers of the newer release once more, for those of before may know no such call."""
        self.bring(["loyalty"], newer())
        super().verify_ledger()

    def test_no_call_fails_when_one_service_follows_the_other(self):
        def bring_each(services, release):
            for service in services:
                self.bring([service], release)

        self.check(lambda: bring_each(SERVICES, newer()),
                   lambda: bring_each(reversed(SERVICES), self.release))

    def test_no_call_fails_when_all_services_are_replaced_at_once(self):
        self.check(lambda: self.bring(SERVICES, newer()),
                   lambda: self.bring(SERVICES, self.release))


class CallersOfOneReplica(OnEveryService):
    """A planted defect."""

    def check_failures(self, service):
        def restart():
            self.assertEqual(self.replicas[service][0].stop(), 0)
            self.replicas[service][0].start()

        self.assertGreater(self.load_all(meanwhile=restart)["failed"], 0)

    def test_calls_of_segmentation_fail(self):
        self.check_failures("segmentation")

    def test_calls_of_complaints_fail(self):
        self.check_failures("complaints")


if __name__ == "__main__":
    suite.main()
