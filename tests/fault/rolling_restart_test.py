"""Two replicas of loyalty and of profile are restarted in turn, as a rolling update does it, while
callers use them as the published service configs say (proto/service_config): no call fails, no answer
contradicts another, and the points add up (quality.md R9).

Without a service config, so without another replica to turn to, calls must fail: then the load would
notice. CLIENTELE_LONG=1: 200 restarts instead of 20.
"""
import os

from tests.support import history_load, suite

IS_LONG = os.environ.get("CLIENTELE_LONG") == "1"
RESTARTS = 200 if IS_LONG else 20
RESTARTS_PLANTED = 2
CONFIGS = str(suite.ROOT / "proto/service_config")
OPERATIONS_MIN = 100 * RESTARTS


class RollingRestarts(history_load.OnHistories):
    # Long enough for callers to hear that a server is about to stop.
    settings = {"drain_delay": "500ms"}

    def restart(self, count):
        """Restarts one server after the other, each when the one before is ready again."""
        servers = [replica for pair in zip(self.loyalties, self.profiles) for replica in pair]
        for i in range(count):
            server = servers[i % len(servers)]
            self.assertEqual(server.stop(), 0)
            server.start()

    def test_no_call_fails_while_replicas_are_restarted(self):
        found = self.run_load(0, "--service-configs", CONFIGS,
                              meanwhile=lambda: self.restart(RESTARTS))
        self.assertGreater(found["operations"], OPERATIONS_MIN)
        self.check_agreement(found)

    def test_calls_that_know_one_replica_only_fail(self):
        found = self.run_load(0, meanwhile=lambda: self.restart(RESTARTS_PLANTED))
        self.assertGreater(found["failed"], 0)


if __name__ == "__main__":
    suite.main()
