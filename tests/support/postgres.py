"""A PostgreSQL of the tests' own: a new cluster in a temporary folder, reachable by a Unix socket in
it; never touches a system cluster.

As a program it runs a command with one: python3 -m tests.support.postgres COMMAND…
The command finds the server by $CLIENTELE_TEST_POSTGRES_DSN, and by
$CLIENTELE_TEST_CITUS_STAND_IN_DSN a database of it that stands in for Citus; its exit code is passed
on.
"""
import contextlib
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile

from tests.support import process

DSN_VARIABLE = "CLIENTELE_TEST_POSTGRES_DSN"
STAND_IN_DSN_VARIABLE = "CLIENTELE_TEST_CITUS_STAND_IN_DSN"
STAND_IN = pathlib.Path(__file__).with_name("citus_stand_in.sql")
STAND_IN_DATABASE = "citus_stand_in"
BIN = pathlib.Path("/usr/lib/postgresql/15/bin")
USER = "clientele"
DATABASE = "postgres"
# Several test programs run at once, each with a pool or two.
CONNECTIONS_MAX = 300


def available():
    return (BIN / "initdb").exists()


def stop_with_parent():
    """In the child: the server ends at once when the test that started it is killed."""
    process.LIBC.prctl(process.PR_SET_PDEATHSIG, signal.SIGQUIT)


def is_running(pid):
    """Whether a process is there and no zombie."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


class PrivatePostgres:
    """Use as a context manager. fsync is on: what is tested is what production does."""

    def __init__(self, locale="C.UTF-8", settings=(), wal_folder=None, primary=None,
                 initdb_options=()):
        """`settings`: "name=value" of postgresql.conf; `wal_folder`: where its WAL goes, else beside
        the data; `primary`: another one, whose hot standby it becomes."""
        self.folder = tempfile.mkdtemp(prefix="clientele-pg-")
        self._data = f"{self.folder}/data"
        self._locale = locale
        self._wal_folder = wal_folder
        self._primary = primary
        self._initdb_options = initdb_options
        self._settings = [f"max_connections={CONNECTIONS_MAX}", *settings]
        # PostgreSQL refuses to run as root.
        self._identity = {}
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            self._identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
            os.chown(self.folder, account.pw_uid, account.pw_gid)
        self._server = None

    def __enter__(self):
        try:
            subprocess.run(self._make_command(), check=True, cwd="/", stdout=subprocess.DEVNULL,
                           **self._identity)
            # The superuser of the tests comes in as it is, roles that tests make by password.
            pathlib.Path(self._data, "pg_hba.conf").write_text(
                f"local all,replication {USER} trust\nlocal all all scram-sha-256\n",
                encoding="utf-8")
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _make_command(self):
        if self._primary is not None:
            return [BIN / "pg_basebackup", "-D", self._data, "-d", self._primary.dsn, "-R"]
        command = [BIN / "initdb", "-D", self._data, f"--locale={self._locale}", "-E", "UTF8",
                   "-U", USER, "--auth=trust", "--wal-segsize=1", *self._initdb_options]
        if self._wal_folder is not None:
            self.give_folder(self._wal_folder)
            command.append(f"--waldir={self._wal_folder}/wal")
        return command

    def give_folder(self, folder):
        """Lets the server use it."""
        if self._identity:
            os.chown(folder, self._identity["user"], self._identity["group"])

    def reconfigure(self, line):
        """Adds a line to the configuration, of the running server too."""
        with open(f"{self._data}/postgresql.conf", "a", encoding="utf-8") as file:
            file.write(line + "\n")
        if self._server is not None:
            self._server.send_signal(signal.SIGHUP)

    def kill(self):
        """kill -9 of all its processes."""
        server = self._server.pid
        children = pathlib.Path(f"/proc/{server}/task/{server}/children").read_text().split()
        for pid in (server, *map(int, children)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._server.wait(timeout=process.STEP_SECONDS_MAX)
        self._server = None
        process.wait_until(lambda: not any(map(is_running, children)), "its processes are gone")

    def __exit__(self, *unused):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        """Returns when it takes connections."""
        command = [BIN / "postgres", "-D", self._data, "-k", self.folder]
        for setting in ("listen_addresses=", *self._settings):
            command += ["-c", setting]
        with open(f"{self.folder}/log", "ab") as log:
            self._server = subprocess.Popen(command, cwd="/", stdout=log, stderr=log,
                                            preexec_fn=stop_with_parent, **self._identity)
        process.wait_until(self._is_ready, f"PostgreSQL starts; {self.folder}/log says why not")

    def _is_ready(self):
        if self._server.poll() is not None:
            log = pathlib.Path(self.folder, "log").read_text(errors="replace")
            raise AssertionError("PostgreSQL does not start\n" + log[-4000:])
        return subprocess.run([BIN / "pg_isready", "-q", "-h", self.folder],
                              check=False).returncode == 0

    def stop(self, how=signal.SIGQUIT):
        """SIGQUIT: at once, as after a crash (pg_ctl stop -m immediate); SIGINT: rolls back first."""
        if self._server is not None:
            self._server.send_signal(how)
            self._server.wait(timeout=process.STEP_SECONDS_MAX)
            self._server = None

    @property
    def dsn(self):
        return f"host={self.folder} user={USER} dbname={DATABASE}"

    @contextlib.contextmanager
    def locked(self, table):
        """Keeps everybody else from a table."""
        with subprocess.Popen(["psql", "-XqAt", "-d", self.dsn, "-v", "ON_ERROR_STOP=1"], text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE) as session:
            session.stdin.write(f"BEGIN; LOCK TABLE {table}; SELECT 'locked';\n")
            session.stdin.flush()
            if session.stdout.readline() != "locked\n":
                raise AssertionError(f"{table} cannot be locked")
            yield
            session.stdin.close()

    def make_citus_stand_in(self):
        """A database that stands in for Citus (citus_stand_in.sql); returns its DSN."""
        self.psql(f"CREATE DATABASE {STAND_IN_DATABASE}")
        dsn = self.dsn.replace(f"dbname={DATABASE}", f"dbname={STAND_IN_DATABASE}")
        run_script(dsn, STAND_IN.read_text(encoding="utf-8"))
        return dsn

    def psql(self, sql, stdin=None):
        """Runs SQL; returns what it prints, without decoration."""
        return psql(self.dsn, sql, stdin)

    def run_script(self, text):
        """Runs what a person would run by psql."""
        run_script(self.dsn, text)


def quiet():
    """The environment of a psql without notices."""
    return {**os.environ, "PGOPTIONS": "-c client_min_messages=warning"}


def psql(dsn, sql, stdin=None):
    """Runs SQL; returns what it prints, without decoration."""
    return subprocess.run(["psql", "-XqAt", "-d", dsn, "-v", "ON_ERROR_STOP=1", "-c", sql],
                          check=True, stdin=stdin, env=quiet(), text=True,
                          stdout=subprocess.PIPE).stdout


def run_script(dsn, text):
    """Runs what a person would run by psql."""
    subprocess.run(["psql", "-Xq", "-d", dsn, "-v", "ON_ERROR_STOP=1", "-f", "-"], check=True,
                   input=text, env=quiet(), text=True, stdout=subprocess.DEVNULL)


def main():
    if not available():
        sys.exit(f"there is no PostgreSQL in {BIN}: run scripts/setup.sh")
    with PrivatePostgres() as postgres:
        environment = {**os.environ, DSN_VARIABLE: postgres.dsn,
                       STAND_IN_DSN_VARIABLE: postgres.make_citus_stand_in()}
        sys.exit(subprocess.run(sys.argv[1:], check=False, env=environment).returncode)


if __name__ == "__main__":
    main()
