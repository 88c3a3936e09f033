"""Schema changes: what `migrate` says and does, by whom, and that an earlier release's data survive."""
import os
import pathlib
import re
import tempfile
import unittest
import uuid

from scripts import lint_schema
from tests.support import postgres, process, suite
from tests.support.release import SERVICES, Release
from tests.support.server import Server

PREVIOUS = "bfe4563"
# The day on which scripts/dump_release.py filled it.
SUITE = ("--business-time", "2026-01-01T12:00:00Z")
CUSTOMER_SERVICE = "clientele.profile.v1.CustomerService/"
ROLES = suite.ROOT / "deploy/postgres/roles.sql"
PASSWORD = "open sesame"


class Folder(unittest.TestCase):

    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="clientele-e2e-"))

    def server(self, service, **settings):
        return self.enterContext(Server(service, self.folder, **settings))

    def postgres(self):
        if not postgres.available():
            self.skipTest(f"no PostgreSQL in {postgres.BIN}: run scripts/setup.sh")
        return self.enterContext(postgres.PrivatePostgres())


class Upgrade(Folder):

    def setUp(self):
        super().setUp()
        self.release = Release(PREVIOUS)

    def check_what_is_there(self, s):
        """What the release answered is answered still, and everything goes on from there."""
        for method, request, response in self.release.answers:
            self.assert_holds(s.call(method, request), response, method)
        events = s.run("watch", "profile", "--stop-at-head").stdout.splitlines()
        self.assertEqual(len(events), len(self.release.services["profile"]["feed"]["rows"]))
        s.call(CUSTOMER_SERVICE + "CreateCustomer", {
            "request_id": str(uuid.uuid4()), "origin": {"channel": "COLLECTION_CHANNEL_SYSTEM"},
            "customer": {"customer_id": "one-more", "kind": "CUSTOMER_KIND_PERSON",
                         "attributes": {"display_name": "One More"}}})
        s.wait_caught_up()
        s.wait_caught_up(service="loyalty")
        s.run("points", "verify")
        self.assertGreater(len(s.run("watch", "profile", "--stop-at-head").stdout.splitlines()),
                           len(events))

    def test_data_of_the_previous_release_survive_on_sqlite(self):
        data_dir = os.path.join(self.folder, "data")
        os.mkdir(data_dir)
        self.release.write_key(data_dir)
        for service in SERVICES:
            path = os.path.join(data_dir, f"{service}.db")
            self.release.make_sqlite(service, path)
            self.server(service, data_dir=data_dir).migrate()
            self.assert_survived(service, self.release.rows_in_sqlite(service, path))
        with suite.Suite(data_dir=data_dir, args=SUITE) as s:
            self.check_what_is_there(s)

    def test_data_of_the_previous_release_survive_on_postgresql(self):
        database = self.postgres()
        for service in SERVICES:
            self.release.make_postgres(service, database)
            server = self.server(service, database__url=database.dsn)
            planned = server.pending()
            self.assertIn("would apply 6 create_consumer_member, with which servers of before"
                          " cannot go on\n", planned)
            if service == "profile":
                self.assertIn("would apply 1004 add_event_places\n", planned)
            server.migrate()
            self.assertEqual(server.pending(), "nothing to apply\n")
            self.assert_survived(service, self.release.rows_in_postgres(service, database))
        data_dir = os.path.join(self.folder, "data")
        os.mkdir(data_dir)
        self.release.write_key(data_dir)
        with suite.Suite(data_dir=data_dir, args=[*SUITE, "--postgres", database.dsn]) as s:
            self.check_what_is_there(s)

    def assert_holds(self, now, then, method):
        """Answers may have got fields since."""
        if isinstance(then, dict):
            for key, value in then.items():
                if key == "as_of_time":
                    continue  # of the question
                self.assertIn(key, now, method)
                self.assert_holds(now[key], value, method)
        elif isinstance(then, list):
            self.assertEqual(len(now), len(then), method)
            for a, b in zip(now, then, strict=True):
                self.assert_holds(a, b, method)
        else:
            self.assertEqual(now, then, method)

    def assert_survived(self, service, tables):
        """Every row is there as it was; migrations may have added some."""
        for name, rows in self.release.rows(service).items():
            self.assertEqual([row for row in rows if row not in tables[name]], [], name)
            self.assertGreaterEqual(len(tables[name]), len(rows), name)


class Modes(Folder):

    def test_a_dry_run_says_what_would_be_applied_and_changes_nothing(self):
        database = self.postgres()
        folder = re.search(r"host=(\S+)", database.dsn).group(1)
        for settings, place in (({}, "SQLite file {}/profile.db"), (
                {"database__url": database.dsn},
                f"schema profile of postgresql://{folder}:5432/postgres")):
            with self.subTest(settings):
                profile = self.server("profile", **settings)
                first = profile.pending()
                self.assertIn("would apply 1 create_outbox\n", first)
                self.assertIn("would apply 1003 create_purchase\n", first)
                self.assertEqual(profile.pending(), first)
                where, applied = profile.migrate().strip().split(": applied ")
                self.assertEqual([f"would apply {what}" for what in applied.split(", ")],
                                 re.findall(r"would apply \d+ \w+", first))
                self.assertEqual(profile.pending(), "nothing to apply\n")
                self.assertEqual(profile.migrate(), f"{where}: nothing to apply\n")
                self.assertEqual(where, place.format(profile.data_dir))
                self.assertTrue(profile.run("migrate", "--dry-run").stdout.startswith(f"{where}:\n"))

    def test_a_dry_run_makes_no_folder_that_nobody_else_could_use(self):
        profile = self.server("profile")
        self.assertIn("would apply 1003 create_purchase\n", profile.pending())
        self.assertFalse(os.path.exists(profile.data_dir))

    def test_a_dry_run_says_which_index_is_built_while_servers_write(self):
        complaints = self.server("complaints", database__url=self.postgres().dsn)
        self.assertIn("would apply 1007 index_open_complaints, an index built online\n",
                      complaints.pending())
        stopped = self.server("complaints").pending()
        self.assertIn("would apply 1007 index_open_complaints\n", stopped)

    def test_an_administrator_may_run_the_sql_by_psql_instead(self):
        database = self.postgres()
        for service in SERVICES:
            with self.subTest(service):
                server = self.server(service, database__url=database.dsn)
                printed = server.run("migrate", "--print-sql")
                self.assertEqual((printed.returncode, printed.stderr), (0, ""))
                self.assertEqual(database.psql(
                    f"SELECT COUNT(*) FROM pg_namespace WHERE nspname = '{service}'"), "0\n")
                database.run_script(printed.stdout)
                self.assertEqual(server.pending(), "nothing to apply\n")
                self.assertEqual(server.run("migrate", "--print-sql").stdout, "")
        # It makes what migrate makes.
        other = self.postgres()
        for service in SERVICES:
            self.server(service, database__url=other.dsn).migrate()
        self.assertEqual(self.schema_of(database), self.schema_of(other))

    @staticmethod
    def schema_of(database):
        return database.psql(
            "SELECT table_schema, table_name, column_name, data_type, is_nullable, column_default"
            " FROM information_schema.columns WHERE table_schema IN "
            f"{SERVICES} ORDER BY 1, 2, 3") + database.psql(
            f"SELECT indexdef FROM pg_indexes WHERE schemaname IN {SERVICES} ORDER BY 1")

    def test_sql_is_printed_for_postgresql_only_and_one_mode_at_a_time(self):
        profile = self.server("profile")
        refused = profile.run("migrate", "--print-sql")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("SQLite", refused.stderr)
        self.assertEqual(profile.run("migrate", "--print-sql", "--dry-run").returncode, 2)


class Citus(Folder):
    """What is told to Citus, here to a database that stands in for one."""

    # And the history, which no migration makes.
    LOCAL = {*lint_schema.LOCAL, "schema_compatibility", "schema_migration"}
    LOOK_UPS = {"audit_outbox", "complaint_number", "identifier_holder", "order_currency",
                "purchase_by_order"}
    CATALOGUES = {"key_encryption_key", "program", "rfm_model", "rfm_run", "rfm_run_counter"}

    def stand_in(self):
        return self.postgres().make_citus_stand_in()

    @staticmethod
    def tables_of(dsn):
        """By table: [its schema, how it is distributed, by what], "" where that does not apply; and
        whether it lies where the outbox of its schema does."""
        lines = postgres.psql(dsn, """
            SELECT relname, nspname, citus_table_type, distribution_column, colocation_id =
              (SELECT colocation_id FROM citus_tables
               WHERE table_name = CAST(quote_ident(nspname) || '.outbox' AS regclass))
            FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
            LEFT JOIN citus_tables ON table_name = CAST(pg_class.oid AS regclass)
            WHERE relkind = 'r' AND nspname IN """ + f"{SERVICES} ORDER BY 2, 1")
        return {(name, schema): how for name, schema, *how in
                (line.split("|") for line in lines.splitlines())}

    def test_every_table_is_distributed_by_the_migration_that_makes_it(self):
        dsn = self.stand_in()
        for service in SERVICES:
            server = self.server(service, database__url=dsn)
            planned = server.pending()
            self.assertIn("would apply 1 create_outbox and distribute its tables\n", planned)
            self.assertIn("would apply 3 create_lease\n", planned)
            server.migrate()
            self.assertEqual(server.pending(), "nothing to apply\n")
        for (table, schema), how in self.tables_of(dsn).items():
            with self.subTest(schema=schema, table=table):
                if table in self.LOCAL:
                    self.assertEqual(how, ["", "", ""])
                elif table in self.CATALOGUES:
                    self.assertEqual(how, ["reference", "", ""])
                elif table in self.LOOK_UPS:
                    self.assertEqual((how[0], how[2]), ("distributed", "f"))
                else:
                    self.assertEqual(how, ["distributed", "customer_id", "t"])

    def test_the_printed_sql_distributes_what_migrate_does(self):
        by_migrate, by_hand = self.stand_in(), self.stand_in()
        for service in SERVICES:
            self.server(service, database__url=by_migrate).migrate()
            printed = self.server(service, database__url=by_hand).run("migrate", "--print-sql")
            postgres.run_script(by_hand, printed.stdout)
        self.assertEqual(self.tables_of(by_hand), self.tables_of(by_migrate))

    def test_elsewhere_nothing_is_said_to_citus(self):
        profile = self.server("profile", database__url=self.postgres().dsn)
        self.assertNotIn("distribute", profile.pending())
        self.assertNotIn("citus", profile.run("migrate", "--print-sql").stdout)


class Roles(Folder):

    def setUp(self):
        super().setUp()
        self.database = self.postgres()
        for _ in range(2):  # a second run changes nothing
            self.database.run_script(ROLES.read_text(encoding="utf-8"))
        self.password_file = os.path.join(self.folder, "password")
        pathlib.Path(self.password_file).write_text(PASSWORD + "\n", encoding="utf-8")
        for role in ("owner", *SERVICES):
            self.database.psql(f"ALTER ROLE clientele_{role} PASSWORD '{PASSWORD}'")

    def dsn(self, role):
        return self.database.dsn.replace("user=clientele ", f"user=clientele_{role} ")

    def server_of(self, service, **settings):
        return self.server(service, database__url=self.dsn(service),
                           database__password_file=self.password_file, **settings)

    def test_a_service_cannot_change_its_schema_and_waits_until_its_owner_has(self):
        profile = self.server_of("profile")
        refused = profile.run("migrate")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("the role clientele_profile may not make the schema or its tables: run "
                      "deploy/postgres/roles.sql, or set database.migrate_url", refused.stderr)
        self.assertIn("permission denied for schema profile", refused.stderr)
        profile.spawn()
        profile.wait_schema_pending()
        self.assertEqual(profile.get("/readyz")[0], 503)
        owner = self.server_of("profile", database__migrate_url=self.dsn("owner"),
                               database__migrate_password_file=self.password_file)
        owner.migrate()
        profile.wait_ready()
        self.assertEqual(profile.get("/readyz")[0], 200)
        profile.call(CUSTOMER_SERVICE + "CreateCustomer", {
            "request_id": str(uuid.uuid4()), "origin": {"channel": "COLLECTION_CHANNEL_SYSTEM"},
            "customer": {"customer_id": "c-1", "kind": "CUSTOMER_KIND_PERSON",
                         "attributes": {"display_name": "C"}}})
        process.wait_until(lambda: self.database.psql("SELECT COUNT(*) FROM profile.outbox") == "0\n",
                           "the sequencer works with that role too")
        self.assertNotEqual(self.database.psql("SELECT COUNT(*) FROM profile.feed"), "0\n")
        self.assertEqual(profile.stop(), 0)

    def test_every_service_works_as_its_role_and_reads_no_other_schema(self):
        for service in SERVICES:
            server = self.server_of(service, database__migrate_url=self.dsn("owner"),
                                    database__migrate_password_file=self.password_file)
            server.migrate()
            server.start()
            self.assertEqual(server.get("/readyz")[0], 200)
            self.assertEqual(server.stop(), 0)
        for service in SERVICES:
            self.assertEqual(self.database.psql(
                "SELECT COUNT(*) FROM pg_tables WHERE schemaname <> "
                f"'{service}' AND schemaname NOT IN ('pg_catalog', 'information_schema')"
                f" AND has_schema_privilege('clientele_{service}', schemaname, 'USAGE')"), "0\n")
            self.assertEqual(self.database.psql(
                f"SELECT has_schema_privilege('clientele_{service}', '{service}', 'CREATE'),"
                f" has_schema_privilege('clientele_{service}', 'public', 'CREATE'),"
                f" has_database_privilege('clientele_{service}', current_database(), 'CREATE')"),
                "f|f|f\n")
            self.assertEqual(self.database.psql(
                "SELECT COUNT(*) FROM pg_tables WHERE tableowner <> 'clientele_owner' AND"
                f" schemaname = '{service}'"), "0\n")


if __name__ == "__main__":
    suite.main()
