"""The services with a Redis behind their caches: by the command line, by configuration, and what is
refused."""
import tempfile
import unittest

from tests.support import process, redis, suite
from tests.support.server import Server

CUSTOMERS = "clientele.profile.v1.CustomerService/"
ADA = {"origin": {"channel": "COLLECTION_CHANNEL_SURVEY"},
       "customer": {"customer_id": "ada", "attributes": {"given_name": "Ada"}}}


def rename(target, name):
    return target.call(CUSTOMERS + "UpdateCustomer", {
        "origin": ADA["origin"], "update_mask": "attributes.givenName",
        "customer": {"customer_id": "ada", "attributes": {"given_name": name}}})


def name_of(target, **fields):
    got = target.call(CUSTOMERS + "GetCustomer", {"customer_id": "ada", **fields})
    return got["attributes"]["given_name"]


class WithRedis(unittest.TestCase):

    def setUp(self):
        if not redis.available():
            self.skipTest(f"no {redis.PROGRAM}: run scripts/setup.sh")
        self.redis = self.enterContext(redis.PrivateRedis())

    def test_up_keeps_what_it_wrote_in_redis_until_the_next_write(self):
        with suite.Suite(args=["--redis", self.redis.address]) as s:
            s.call(CUSTOMERS + "CreateCustomer", ADA)
            # Who reads brings it there, if Redis was too slow for the write.
            process.wait_until(
                lambda: name_of(s) == "Ada" and self.redis.command("DBSIZE") == ":1",
                "Redis has the customer")
            etag = rename(s, "Eve")["etag"]
            self.assertEqual(name_of(s, min_etag=etag), "Eve")
            self.assertEqual(self.redis.command("DBSIZE"), ":1")

    def test_two_installations_in_one_redis_do_not_mix(self):
        with suite.Suite(args=["--redis", self.redis.address]) as one:
            one.call(CUSTOMERS + "CreateCustomer", ADA)
            with suite.Suite(args=["--redis", self.redis.address]) as other:
                other.call(CUSTOMERS + "GetCustomer", {"customer_id": "ada"}, expect=1)

    def test_a_password_is_used_and_not_shown(self):
        with tempfile.TemporaryDirectory(prefix="clientele-e2e-") as folder:
            self.redis.command("CONFIG", "SET", "requirepass", "hunter2")
            password_file = f"{folder}/redis-password"
            with open(password_file, "w", encoding="utf-8") as file:
                file.write("hunter2\n")
            server = self.enterContext(Server("profile", folder, cache__memory_ttl="1ms",
                                              redis__addresses=self.redis.address,
                                              redis__password_file=password_file))
            server.migrate()
            server.start()
            server.call(CUSTOMERS + "CreateCustomer", ADA)
            process.wait_until(lambda: name_of(server) and 'source="shared"} 0' not in
                               server.get("/metrics")[1], "a read comes from Redis")
            config = server.get("/config")[1]
            self.assertIn("redis", config)
            self.assertNotIn(password_file, config)
            self.assertNotIn(password_file, server.run("check-config").stdout)

    def test_what_cannot_be_is_refused_with_a_sentence(self):
        with tempfile.TemporaryDirectory(prefix="clientele-e2e-") as folder:
            for settings, sentence in (
                    ({"redis__addresses": "nowhere"}, "nowhere"),
                    ({"redis__addresses": "a:1,b:2"}, "redis.cluster"),
                    ({"redis__key_prefix": "a:b"}, "redis.key_prefix")):
                refused = Server("profile", folder, **settings).run("check-config")
                self.assertEqual(refused.returncode, 1)
                self.assertIn(sentence, refused.stderr)
                self.assertEqual(len(refused.stderr.splitlines()), 1, refused.stderr)


if __name__ == "__main__":
    suite.main()
