"""Two servers of each service on one PostgreSQL, as two pods of each would run."""
import os
import secrets

from tests.support.server import Server

NAMES = ("first", "second")
# Whom a service calls.
CALLED = {"profile": (), "loyalty": ("profile",), "segmentation": ("profile",),
          "complaints": ("profile", "loyalty")}


def start(enter, folder, database_url, services, **settings):
    """Starts two servers of each of `services` (those that are called first), and returns the pairs
    by service. Each calls those of its own name. `enter`: a test's enterContext or
    enterClassContext."""
    # Replicas have one secret, as pods have one Secret.
    key_file = os.path.join(folder, "key")
    with open(key_file, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.write(secrets.token_bytes(32))
    pairs = {}
    for service in services:
        pairs[service] = []
        for index, name in enumerate(NAMES):
            own_folder = os.path.join(folder, name)
            os.makedirs(own_folder, exist_ok=True)
            called = {f"{other}__address": pairs[other][index].address for other in CALLED[service]}
            server = enter(Server(service, own_folder, database__url=database_url,
                                  replica_name=name, key_file=key_file, **called, **settings))
            server.migrate()
            pairs[service].append(server.start())
    return pairs
