"""scripts/lint_schema.py finds each defect that is planted in a copy of the migrations."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from tests.support import suite

LINT = suite.ROOT / "scripts/lint_schema.py"
LOYALTY = "services/loyalty/migrations/"
PROFILE = "services/profile/migrations/"


class LintSchema(unittest.TestCase):

    def setUp(self):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="clientele-lint-"))
        self.root = pathlib.Path(folder)
        for source in suite.ROOT.glob("*/*/migrations"):
            shutil.copytree(source, self.root / source.relative_to(suite.ROOT))

    def lint(self):
        return subprocess.run([sys.executable, LINT, self.root], capture_output=True, text=True,
                              check=False)

    def assert_finds(self, finding):
        done = self.lint()
        self.assertEqual((done.returncode, done.stderr), (1, ""), done.stdout)
        self.assertIn(finding, done.stdout.splitlines())

    def replace(self, name, old, new):
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        self.assertIn(old, text)
        path.write_text(text.replace(old, new), encoding="utf-8")

    def write(self, name, text):
        (self.root / name).write_text(text, encoding="utf-8")

    def test_the_migrations_as_they_are_are_fine(self):
        done = self.lint()
        self.assertEqual((done.returncode, done.stdout), (0, "schema: ok\n"))

    def test_a_migration_without_its_text_for_citus(self):
        (self.root / LOYALTY / "1002_create_member.citus.sql").unlink()
        self.assert_finds(f"{LOYALTY}1002_create_member.sql: member is not distributed: say how in its "
                          "*.citus.sql")

    def test_a_table_that_the_text_for_citus_leaves_out(self):
        self.replace(LOYALTY + "1003_create_ledger.citus.sql",
                     "SELECT create_distributed_table('lot', 'customer_id', colocate_with => 'outbox');",
                     "")
        self.assert_finds(f"{LOYALTY}1003_create_ledger.sql: lot is not distributed: say how in its "
                          "*.citus.sql")

    def test_two_tables_in_use_that_are_changed_together(self):
        self.write(LOYALTY + "1099_add_notes.sql",
                   "-- readable from: 1008\nALTER TABLE member ADD COLUMN note TEXT;\n"
                   "UPDATE lot SET points = points;\n")
        self.assert_finds(f"{LOYALTY}1099_add_notes.sql: lot and member are in use and locked together, "
                          "so that writers and this may wait for each other: change each in a "
                          "migration of its own")

    def test_a_primary_key_without_the_customer(self):
        self.write(LOYALTY + "1006_create_badge.sql",
                   "CREATE TABLE badge (badge_id TEXT NOT NULL PRIMARY KEY, customer_id TEXT);")
        self.write(LOYALTY + "1006_create_badge.citus.sql",
                   "SELECT create_distributed_table('badge', 'customer_id', colocate_with => 'outbox');")
        self.assert_finds(f"{LOYALTY}1006_create_badge.sql: badge has a key without customer_id: badge_id")

    def test_no_primary_key(self):
        self.replace(LOYALTY + "1005_create_reversal.sql",
                     ",\n  PRIMARY KEY (customer_id, request_id)\n) /* sqlite: WITHOUT ROWID */;", ");")
        self.assert_finds(f"{LOYALTY}1005_create_reversal.sql: reversal has a key without customer_id: "
                          "none")

    def test_a_unique_index_without_the_customer(self):
        self.replace(LOYALTY + "1003_create_ledger.sql", "ledger_entry (customer_id, cause_key)",
                     "ledger_entry (cause_key)")
        self.assert_finds(f"{LOYALTY}1003_create_ledger.sql: ledger_entry has a key without customer_id: "
                          "cause_key")

    def test_a_look_up_whose_key_is_not_what_it_is_distributed_by(self):
        self.replace(PROFILE + "1002_create_identifier.citus.sql", "'identifier_hash'", "'valid_from'")
        self.assert_finds(f"{PROFILE}1002_create_identifier.sql: identifier_holder has a key without "
                          "valid_from: identifier_hash, slot")

    def test_what_is_kept_by_customer_and_lies_elsewhere(self):
        self.replace(LOYALTY + "1002_create_member.citus.sql", "'outbox'", "'none'")
        self.assert_finds(f"{LOYALTY}1002_create_member.sql: member is kept by customer, so colocate it "
                          "with 'outbox'")
        self.replace(LOYALTY + "1003_create_ledger.citus.sql", "'lot', 'customer_id'",
                     "'lot', 'lot_seq'")
        self.assert_finds(f"{LOYALTY}1003_create_ledger.sql: lot is kept by customer, so distribute it by "
                          "customer_id")

    def test_a_look_up_that_lies_with_the_customers(self):
        self.replace(PROFILE + "1003_create_purchase.citus.sql", "'none'", "'outbox'")
        self.assert_finds(f"{PROFILE}1003_create_purchase.sql: purchase_by_order is a look-up, so "
                          "colocate it with 'none'")

    def test_a_customer_id_of_another_type(self):
        self.replace(LOYALTY + "1002_create_member.sql", "customer_id TEXT", "customer_id BIGINT")
        self.assert_finds(f"{LOYALTY}1002_create_member.sql: member.customer_id has another type than "
                          "that of outbox")

    def test_a_reference_table_that_grows_with_the_customers(self):
        self.write(LOYALTY + "1002_create_member.citus.sql", "SELECT create_reference_table('member');")
        self.assert_finds(f"{LOYALTY}1002_create_member.sql: member grows with the customers, so it "
                          "cannot be a reference table")

    def test_an_added_column_whose_check_has_no_name(self):
        name = LOYALTY + "1006_name_the_lot_in_the_entry.sql"
        self.replace(name, "CONSTRAINT used_points_not_zero CHECK", "CHECK")
        self.assert_finds(f"{name}: ledger_entry gets a column whose CHECK has no name: say "
                          "CONSTRAINT <name> CHECK")
        self.write(name, "ALTER TABLE member ADD COLUMN a BIGINT; -- no CHECK here\n"
                         "ALTER TABLE member ADD COLUMN b TEXT DEFAULT 'CHECK';\n"
                         "ALTER TABLE lease ADD COLUMN c BIGINT CHECK (c > 0);")
        self.assertEqual(self.lint().stdout, "schema: ok\n")

    def test_an_index_of_a_table_that_may_be_large(self):
        name = "services/complaints/migrations/1007_index_open_complaints.sql"
        self.replace(name, "-- online\n", "")
        self.assert_finds(f"{name}: complaint may be large when it gets this index: make it in a "
                          "migration of its own with the line -- online")

    def test_more_than_an_index_that_is_marked_online(self):
        name = LOYALTY + "1009_index_member.sql"
        self.write(name, "-- online\nCREATE INDEX member_by_a ON member (customer_id);\n")
        self.assertEqual(self.lint().stdout, "schema: ok\n")
        self.write(name, "-- online\nCREATE INDEX member_by_a ON member (customer_id);\n"
                         "ALTER TABLE member ADD COLUMN a BIGINT;\n")
        self.assert_finds(f"{name}: what is marked -- online is one CREATE INDEX")
        self.write(name, "-- online\nALTER TABLE member ADD COLUMN a BIGINT;\n")
        self.assert_finds(f"{name}: what is marked -- online is one CREATE INDEX")

    def test_a_column_or_a_table_that_is_not_there(self):
        self.write(LOYALTY + "1002_create_member.citus.sql",
                   "SELECT create_distributed_table('member', 'client_id', colocate_with => 'outbox');\n"
                   "SELECT create_reference_table('lot');\n")
        self.assert_finds(f"{LOYALTY}1002_create_member.sql: member has no column client_id")
        self.assert_finds(f"{LOYALTY}1002_create_member.sql: lot is not made here")

    def test_a_local_table_that_is_distributed_and_one_told_twice(self):
        self.write("common/feed/migrations/0003_create_lease.citus.sql",
                   "SELECT create_reference_table('lease');")
        self.assert_finds("common/feed/migrations/0003_create_lease.sql: lease is said to stay on the "
                          "coordinator")
        self.write(LOYALTY + "1001_create_program.citus.sql",
                   "SELECT create_reference_table('program');\n" * 2)
        self.assert_finds(f"{LOYALTY}1001_create_program.sql: program is distributed twice")

    def test_a_local_table_that_is_no_more(self):
        (self.root / "common/feed/migrations/0006_create_consumer_member.sql").unlink()
        self.assert_finds("scripts/lint_schema.py: there is no table consumer_member to stay on the "
                          "coordinator")

    def test_a_text_for_citus_of_no_migration_and_a_file_of_another_name(self):
        self.write(LOYALTY + "1009_create_nothing.citus.sql", "")
        self.assert_finds(f"{LOYALTY}1009_create_nothing.citus.sql: has no migration beside it")
        self.write(LOYALTY + "1010-create.sql", "")
        self.assert_finds(f"{LOYALTY}1010-create.sql: is not named NNNN_<what>.sql")

    def test_sql_that_cannot_be_run(self):
        self.write(LOYALTY + "1002_create_member.citus.sql",
                   "SELECT create_distributed_table('member', 'customer_id');")
        self.assert_finds(f"{LOYALTY}1002_create_member.sql: wrong number of arguments to function "
                          "create_distributed_table()")


if __name__ == "__main__":
    suite.main()
