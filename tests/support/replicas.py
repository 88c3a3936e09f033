"""Two servers of each service on one PostgreSQL and one Redis, as two pods of each would run."""
import os
import tempfile
import unittest

from tests.support import postgres, redis
from tests.support.server import CALLED, SEALING, Server, make_kek, make_key, programs

NAMES = ("first", "second")

def start(enter, folder, database_url, services, release=None, **settings):
    """Starts two servers of each of `services` (those that are called first), and returns the pairs
    by service. Each calls those of its own name. `enter`: a test's enterContext or
    enterClassContext; `release`: the folder of the binaries, None = those that are tested."""
    pairs = {}
    for service in services:
        pairs[service] = []
        for index, name in enumerate(NAMES):
            own_folder = os.path.join(folder, name)
            os.makedirs(own_folder, exist_ok=True)
            called = {f"{other}__address": pairs[other][index].address for other in CALLED[service]}
            if service in SEALING:
                called["encryption__kek_file"] = make_kek(folder)
            server = enter(Server(service, own_folder, database__url=database_url,
                                  replica_name=name, key_file=make_key(folder), **called, **settings))
            server.programs = release or programs()
            server.migrate()
            pairs[service].append(server.start())
    return pairs


def equip(test, enter):
    """Gives a test, or a class of tests, of two servers of each of its `services`, as start takes
    them, a PostgreSQL and a Redis of its own: `folder`, `postgres`, `redis`, and `replicas` by
    service. `enter`: its enterContext or enterClassContext."""
    if not postgres.available():
        raise unittest.SkipTest(f"no PostgreSQL in {postgres.BIN}: run scripts/setup.sh")
    if not redis.available():
        raise unittest.SkipTest(f"no {redis.PROGRAM}: run scripts/setup.sh")
    test.folder = enter(tempfile.TemporaryDirectory(prefix="clientele-replicas-"))
    test.postgres = enter(postgres.PrivatePostgres())
    test.redis = enter(redis.PrivateRedis())
    test.replicas = start(enter, test.folder, test.postgres.dsn, test.services, test.release,
                          redis__addresses=test.redis.address, **test.settings)


class OnRedis(unittest.TestCase):
    """A test of what equip gives it, of `release` as start takes it."""
    services = ()
    settings = {}
    release = None

    def setUp(self):
        equip(self, self.enterContext)


class AllOnRedis(unittest.TestCase):
    """Tests that share what equip gives their class."""
    services = ()
    settings = {}
    release = None

    @classmethod
    def setUpClass(cls):
        equip(cls, cls.enterClassContext)
