"""What the dashboards show. In expressions @ stands for the matcher of the namespace."""
import dataclasses

SERVICES = ("profile", "segmentation", "loyalty", "complaints")
RATE = "$__rate_interval"


@dataclasses.dataclass(frozen=True)
class Query:
    expression: str
    legend: str


@dataclasses.dataclass(frozen=True)
class Panel:
    title: str
    unit: str  # as Grafana names it
    queries: tuple
    description: str = ""
    is_stat: bool = False


@dataclasses.dataclass(frozen=True)
class Row:
    title: str
    panels: tuple
    columns: int = 3


@dataclasses.dataclass(frozen=True)
class Dashboard:
    uid: str  # also the name of its file
    title: str
    rows: tuple


def line(title, unit, expression, legend, description=""):
    """A panel with one expression over time."""
    return Panel(title, unit, (Query(expression, legend),), description)


def stat(title, unit, expression, legend="", description=""):
    """A panel with the last value of one expression."""
    return Panel(title, unit, (Query(expression, legend),), description, is_stat=True)


def of_each(thing, labels=""):
    """Matches clientele_<service>_<thing> of every service."""
    return '{__name__=~"clientele_[a-z]+_' + thing + '",@' + labels + "}"


def quantile(share, by, buckets):
    return f"histogram_quantile({share}, sum by ({by}, le) (rate({buckets}[{RATE}])))"


def latency(by, matchers):
    """p50 and p99 of unary calls."""
    buckets = f'grpc_server_handling_seconds_bucket{{@,grpc_type="unary"{matchers}}}'
    return tuple(Query(quantile(share, by, buckets), f"{{{{{by}}}}} {name}")
                 for share, name in ((0.5, "p50"), (0.99, "p99")))


def failures(by, matchers):
    return (f'sum by ({by}) (rate(grpc_server_handled_total{{@{matchers},'
            f'grpc_code=~"DataLoss|DeadlineExceeded|Internal|ResourceExhausted|Unavailable|Unknown"'
            f"}}[{RATE}]))")


def overview():
    return Dashboard("clientele-overview", "Clientele / Overview", (
        Row("Objectives", (
            stat("Alerts that fire", "none", 'sum(ALERTS{@,alertstate="firing"}) or vector(0)'),
            stat("Availability, 1 h", "percentunit",
                 "1 - clientele:rpc_errors:ratio_rate1h{@}", "{{clientele_service}}",
                 "Share of unary calls without an error of the server; the objective is 99.9 %."),
            stat("Within 250 ms, 1 h", "percentunit",
                 "1 - clientele:rpc_slow:ratio_rate1h{@}", "{{clientele_service}}",
                 "Share of unary calls; the objective is 99 %."),
            line("Error budget, burn rate over 1 h", "none",
                 "clientele:rpc_errors:ratio_rate1h{@} / 0.001", "{{clientele_service}}",
                 "At 1 the budget of 30 days lasts for 30 days; above 14.4 somebody is paged."),
            line("Latency budget, burn rate over 1 h", "none",
                 "clientele:rpc_slow:ratio_rate1h{@} / 0.01", "{{clientele_service}}"),
            line("Error budget, burn rate over 3 d", "none",
                 "clientele:rpc_errors:ratio_rate3d{@} / 0.001", "{{clientele_service}}"))),
        Row("Calls", (
            line("Calls", "reqps",
                 f"sum by (clientele_service) (rate(grpc_server_started_total{{@}}[{RATE}]))",
                 "{{clientele_service}}"),
            line("Errors of the server", "reqps", failures("clientele_service", ""),
                 "{{clientele_service}}"),
            Panel("Duration of unary calls", "s", latency("clientele_service", "")))),
        Row("Processes", (
            line("Processes", "none", "count by (clientele_service, version) "
                 "(clientele_build_info{@})", "{{clientele_service}} {{version}}"),
            line("Behind the feeds", "s",
                 "max by (clientele_service, source) (" + of_each("feed_lag_seconds") + ")",
                 "{{clientele_service}} of {{source}}"),
            line("Schema does not fit", "bool",
                 "max by (clientele_service) (" + of_each("schema_mismatch") + ")",
                 "{{clientele_service}}")))))


def calls(service):
    here = f',clientele_service="{service}"'
    return Row("Calls", (
        line("Calls by method", "reqps",
             f"sum by (grpc_method) (rate(grpc_server_started_total{{@{here}}}[{RATE}]))",
             "{{grpc_method}}"),
        line("Errors of the server by method", "reqps", failures("grpc_method", here),
             "{{grpc_method}}"),
        line("Calls by status", "reqps",
             f"sum by (grpc_code) (rate(grpc_server_handled_total{{@{here}}}[{RATE}]))",
             "{{grpc_code}}"),
        Panel("Duration of unary calls by method", "s", latency("grpc_method", here)),
        line("Calls refused for the load", "reqps",
             f"sum by (cause, kind) (rate(clientele_{service}_calls_refused_total{{@}}[{RATE}]))",
             "{{cause}} {{kind}}", "Before any work: the server is busy (overloaded), or the caller "
             "has used its share (rate_limited: limits.*; among the errors beside this, but not in "
             "the objective). After some: a queue is full (queue_full)."),
        line("Calls to other services by method", "reqps",
             f"sum by (grpc_method) (rate(grpc_client_started_total{{@{here}}}[{RATE}]))",
             "{{grpc_method}}"),
        line("Calls on a thread", "none",
             f"sum by (instance) (clientele_{service}_executor_running_calls{{@}})",
             "{{instance}}"),
        line("Calls that wait for a thread", "none",
             f"sum by (instance) (clientele_{service}_executor_waiting_calls{{@}})",
             "{{instance}}")))


def storage(service):
    prefix = f"clientele_{service}_"
    return Row("Storage and events", (
        line("SQL: share of time by statement, the ten busiest", "none",
             f"topk(10, sum by (statement) (rate({prefix}sql_query_seconds_sum{{@}}[{RATE}])))",
             "{{statement}}", "Connections that each keeps busy on average."),
        line("SQL: p99 by statement, the ten slowest", "s",
             "topk(10, " + quantile(0.99, "statement", f"{prefix}sql_query_seconds_bucket{{@}}")
             + ")", "{{statement}}"),
        Panel("Connections", "none", (
            Query(f"sum({prefix}sql_pool_size_connections{{@}})", "pool"),
            Query(f"sum({prefix}sql_pool_in_use_connections{{@}})", "in use"),
            Query(f"sum({prefix}sql_pool_waiting_transactions{{@}})", "waiting for one"))),
        line("Outbox", "none", f"max({prefix}outbox_depth_events{{@}})", "events"),
        line("Jobs: overdue", "s", f"max by (task) ({prefix}job_overdue_seconds{{@}})",
             "{{task}}"),
        line("Jobs: duration of the last round", "s",
             f"max by (task) ({prefix}job_last_duration_seconds{{@}})", "{{task}}")))


def cache(service):
    reads = f"clientele_{service}_cache_reads_total"
    return Row("Cache", (
        line("Reads by source", "reqps",
             f"sum by (kind, source) (rate({reads}{{@}}[{RATE}]))", "{{kind}} from {{source}}"),
        line("Share not read from the database", "percentunit",
             f'sum(rate({reads}{{@,source!="load"}}[{RATE}])) / sum(rate({reads}{{@}}[{RATE}]))',
             "hits"),
        line("The cache in the process is on", "bool",
             f"min by (instance) (clientele_{service}_cache_memory_on{{@}})", "{{instance}}")))


def followed(service):
    prefix = f"clientele_{service}_"
    return Row("Feeds it follows", (
        line("Behind, in time", "s", f"max by (source) ({prefix}feed_lag_seconds{{@}})",
             "{{source}}"),
        line("Behind, in events", "none", f"sum by (source) ({prefix}feed_lag_events{{@}})",
             "{{source}}"),
        line("Partitions consumed", "none", f"sum by (source) ({prefix}feed_partitions{{@}})",
             "{{source}}", "16 when nobody is missing.")))


# What services do beside serving calls.
WORK = {
    "segmentation": Row("RFM", (
        line("Runs by how they ended", "none",
             "sum by (state) (increase(clientele_segmentation_rfm_runs_total{@}[1h]))",
             "{{state}}"),
        line("Mean duration of phases", "s",
             "sum by (phase) (rate(clientele_segmentation_rfm_run_phase_seconds_sum{@}[1h])) / "
             "sum by (phase) (rate(clientele_segmentation_rfm_run_phase_seconds_count{@}[1h]))",
             "{{phase}}"),
        line("Age of the scores", "s",
             "time() - max(clientele_segmentation_rfm_last_success_timestamp_seconds{@} > 0)",
             "since the latest run"))),
    "loyalty": Row("Ledger", (
        line("Members that do not balance", "none",
             "max(clientele_loyalty_ledger_imbalance{@})", "members", "Must be 0."),
        line("Age of the last whole check", "s",
             "time() - max(clientele_loyalty_ledger_checked_timestamp_seconds{@})", "since it ended"),
        line("Members swept", "none",
             f"sum(rate(clientele_loyalty_swept_members_total{{@}}[{RATE}]))", "per second"),
        line("Points outstanding", "none", "max(clientele_loyalty_outstanding_points{@})",
             "points"))),
    "complaints": Row("Work", (
        line("Remedies by the state they came into", "none",
             "sum by (state) (increase(clientele_complaints_remedies_total{@}[1h]))", "{{state}}"),
        line("Remedies whose points are on their way", "none",
             "max(clientele_complaints_remedies_pending_remedies{@})", "remedies"),
        line("Customers still to be asked about", "none",
             "max(clientele_complaints_repairs_pending_customers{@})", "customers"))),
}
# What is read through a cache; complaints reads everything from the database.
CACHING = ("profile", "segmentation", "loyalty")
FOLLOWING = ("segmentation", "loyalty", "complaints")


def service_dashboard(service):
    rows = [calls(service), storage(service)]
    if service in CACHING:
        rows.append(cache(service))
    if service in FOLLOWING:
        rows.append(followed(service))
    if service in WORK:
        rows.append(WORK[service])
    return Dashboard(f"clientele-{service}", f"Clientele / {service.capitalize()}", tuple(rows))


def dependencies():
    return Dashboard("clientele-dependencies", "Clientele / Dependencies", (
        Row("SQL", (
            line("Connections in use, share of the pool", "percentunit",
                 "sum by (clientele_service) (" + of_each("sql_pool_in_use_connections") + ") / "
                 "sum by (clientele_service) (" + of_each("sql_pool_size_connections") + ")",
                 "{{clientele_service}}"),
            line("Transactions that wait for a connection", "none",
                 "sum by (clientele_service) (" + of_each("sql_pool_waiting_transactions") + ")",
                 "{{clientele_service}}"),
            line("Commit: p99", "s",
                 quantile(0.99, "clientele_service", of_each("sql_query_seconds_bucket",
                                                             ',statement="Commit"')),
                 "{{clientele_service}}"))),
        Row("Redis", (
            line("Pipelines: p99", "s",
                 quantile(0.99, "clientele_service", of_each("redis_exchange_seconds_bucket")),
                 "{{clientele_service}}"),
            line("Pipelines by result", "reqps",
                 "sum by (clientele_service, result) (rate("
                 + of_each("redis_exchange_seconds_count") + f"[{RATE}]))",
                 "{{clientele_service}} {{result}}"),
            line("Keys that could not be asked about", "reqps",
                 "sum by (clientele_service, operation) (rate(" + of_each("cache_errors_total")
                 + f"[{RATE}]))", "{{clientele_service}} {{operation}}"),
            line("Nodes that are not asked", "none",
                 "sum by (clientele_service) (" + of_each("redis_breaker_open") + ")",
                 "{{clientele_service}}"),
            line("Attempts in vain to reach a node", "reqps",
                 "sum by (clientele_service) (rate(" + of_each("redis_probe_failures_total")
                 + f"[{RATE}]))", "{{clientele_service}}"),
            line("Reads that wait for their turn at the database", "none",
                 "sum by (clientele_service) (rate(" + of_each("cache_load_wait_seconds_sum")
                 + f"[{RATE}]))", "{{clientele_service}}", "0 while Redis is there."))),
        Row("Events", (
            line("Outbox: oldest event", "s",
                 "max by (clientele_service) (" + of_each("outbox_oldest_age_seconds") + ")",
                 "{{clientele_service}}"),
            line("Outbox: events", "none",
                 "max by (clientele_service) (" + of_each("outbox_depth_events") + ")",
                 "{{clientele_service}}"),
            line("Consumers that take an export", "none",
                 "sum by (clientele_service, source) (" + of_each("feed_bootstrapping") + ")",
                 "{{clientele_service}} of {{source}}"))),
        Row("Processes", (
            line("CPU", "none", f"sum by (instance) (rate(process_cpu_seconds_total{{@}}[{RATE}]))",
                 "{{instance}}", "Cores kept busy."),
            line("Memory", "bytes", "sum by (instance) (process_resident_memory_bytes{@})",
                 "{{instance}}"),
            line("Open files, share of what is allowed", "percentunit",
                 "process_open_fds{@} / process_max_fds{@}", "{{instance}}")))))


def business():
    return Dashboard("clientele-business", "Clientele / Business", (
        Row("Points", (
            stat("Outstanding", "none", "max(clientele_loyalty_outstanding_points{@})"),
            stat("Owed", "none", "max(clientele_loyalty_debt_points{@})"),
            stat("Members that do not balance", "none",
                 "max(clientele_loyalty_ledger_imbalance{@})"),
            stat("Age of these figures", "s",
                 "time() - max(clientele_loyalty_ledger_checked_timestamp_seconds{@})",
                 description="Since the last check of the ledger had read every member."),
            Panel("Points ever", "none", tuple(
                Query(f"max(clientele_loyalty_{what}_points{{@}})", what)
                for what in ("earned", "redeemed", "expired")),
                "As of the last whole check of the ledger."),
            line("Outstanding over time", "none",
                 "max(clientele_loyalty_outstanding_points{@})", "points"),
            line("Members by tier", "none",
                 "max by (tier) (clientele_loyalty_tier_members{@})", "{{tier}}"))),
        Row("Segments", (
            line("Customers by segment", "none",
                 "max by (segment) (clientele_segmentation_segment_customers{@})", "{{segment}}"),
            line("Customers at risk", "none",
                 "sum(max by (segment) (clientele_segmentation_segment_customers{@,"
                 "segment=~\"(?i)at.risk|previously_loyal|can.?t.lose.them|important_keep|important_win_back\"}))",
                 "customers", "Good customers who have not bought for long, in any rule set."),
            stat("Age of the scores", "s",
                 "time() - max(clientele_segmentation_rfm_last_success_timestamp_seconds{@} > 0)"))),
        Row("Complaints", (
            line("Open, by state", "none",
                 "max by (state) (clientele_complaints_open_complaints{@})", "{{state}}"),
            line("By the state they came into, per hour", "none",
                 "sum by (state) (increase(clientele_complaints_complaints_total{@}[1h]))",
                 "{{state}}"),
            line("Remedies by the state they came into, per hour", "none",
                 "sum by (state) (increase(clientele_complaints_remedies_total{@}[1h]))",
                 "{{state}}")))))


def dashboards():
    return [overview(), *map(service_dashboard, SERVICES), dependencies(), business()]
