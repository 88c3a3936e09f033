"""What the objective of availability counts as the server's fault, by the real rules over a real
server: not what a principal's own limit refuses."""
import tempfile
import unittest

from tests.support import process, prometheus, suite
from tests.support.server import Server

CALL = "clientele.common.v1.EventService/GetFeedHead"
REFUSED = ('sum(increase(grpc_server_handled_total{grpc_type="unary",'
           'grpc_code="ResourceExhausted"}[5m]))')
FAILED_SHARE = "max_over_time(clientele:rpc_errors:ratio_rate5m[5m])"
REFUSED_CALLS_MIN = 10
# A budget that the least urgent alert leaves alone.
SHARE_MAX = 0.001


@unittest.skipUnless(prometheus.available(), "no Prometheus: run scripts/setup.sh")
class Objectives(unittest.TestCase):

    def test_a_principal_held_back_by_its_own_limit_uses_up_no_budget(self):
        with tempfile.TemporaryDirectory(prefix="clientele-e2e-") as folder, \
                Server("profile", folder, limits__calls_per_second=1, limits__burst=1) as server:
            server.migrate()
            server.start()
            with prometheus.PrivatePrometheus(folder, [server.ops_address]) as seen:
                # From its first scrape on, so that no refusal is missed.
                process.wait_until(lambda: seen.query("up") == [1.0], "the server is scraped")

                def have_been_refused():
                    server.cli("call", CALL, "{}", expect=None)
                    return sum(seen.query(REFUSED)) > REFUSED_CALLS_MIN

                process.wait_until(have_been_refused, "many calls are refused")
                shares = process.wait_until(lambda: seen.query(FAILED_SHARE), "there is a ratio")
                self.assertLess(max(shares), SHARE_MAX)
                self.assertEqual(seen.rule_errors(), {})


if __name__ == "__main__":
    suite.main()
