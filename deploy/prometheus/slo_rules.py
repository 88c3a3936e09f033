"""Writes rules/slo.yaml: the same two ratios over seven windows, and four burn rates of each.

Run it from the root of the repository after a change: python3 -m deploy.prometheus.slo_rules
"""
import pathlib

TARGET = pathlib.Path(__file__).parent / "rules" / "slo.yaml"

HEAD = """\
# Written by deploy/prometheus/slo_rules.py.
# What callers feel: the share of calls that failed or were slow, per service, and how fast that uses up
# the error budget. Objectives: 99.9 % of unary calls without an error of the server, 99 % within
# 250 ms. What a principal's own limit refuses is no error of the server. Streams (WatchEvents,
# imports) last as long as they are wanted, and reports as long as their period: neither counts.
# At a burn rate of 1 the budget of 30 days lasts for 30 days.
# One group, so that the alerts see the ratios of the same moment.
groups:
  - name: clientele-slo
    rules:
"""

RATIO = """\
      - record: clientele:rpc_{failing}:ratio_rate{window}
        expr: |
          {ratio}
"""

ALERT = """\
      - alert: {alert}
        expr: |
          clientele:rpc_{failing}:ratio_rate{long} > {factor} * {budget}
          and clientele:rpc_{failing}:ratio_rate{short} > {factor} * {budget}
        labels:
          severity: {severity}
          window: {long}
        annotations:
          summary: "Too many calls of {{{{ $labels.clientele_service }}}} {problem}"
          description: >-
            {{{{ $value | humanizePercentage }}}} of the calls in {long}: more than {factor} times
            what a budget of 30 days allows.
          runbook_url: docs/runbooks/{alert}.md
"""

SUM = "sum by (namespace, job, clientele_service)"
# What the server is at fault for; the rest is the caller's.
SERVER_ERRORS = "DataLoss|DeadlineExceeded|Internal|ResourceExhausted|Unavailable|Unknown"
FAILED = (f'{SUM} (rate(grpc_server_handled_total{{{{'
          f'grpc_type="unary",grpc_code=~"{SERVER_ERRORS}"}}}}[{{window}}]))')
# Among them, with a code that overload has too, what a principal's own limit refused. Rates of two
# counters need not agree to the last digit.
OWN_LIMIT = (f'{SUM} (rate({{{{__name__=~"clientele_[a-z]+_calls_refused_total",'
             f'cause="rate_limited",grpc_type="unary"}}}}[{{window}}]))')
TIMED = 'grpc_type="unary",grpc_service!="clientele.segmentation.v1.AnalyticsService"'

# (what fails, numerator and denominator over a window, alert, share allowed, problem)
OBJECTIVES = (
    ("errors",
     f'clamp_min(\n            {FAILED}\n'
     f'            - ({OWN_LIMIT}\n              or 0 * {FAILED}), 0)\n'
     f'          / {SUM} (rate(grpc_server_handled_total{{{{grpc_type="unary"}}}}[{{window}}]))',
     "ClienteleAvailabilityBudgetBurn", "0.001", "fail"),
    ("slow",
     f'1 - {SUM} (rate(grpc_server_handling_seconds_bucket{{{{{TIMED},le="0.25"}}}}[{{window}}]))\n'
     f'          / {SUM} (rate(grpc_server_handling_seconds_count{{{{{TIMED}}}}}[{{window}}]))',
     "ClienteleLatencyBudgetBurn", "0.01", "take longer than 250 ms"),
)
# (long and short window, burn rate, severity): the short one ends the alert soon after the trouble.
BURNS = (("1h", "5m", "14.4", "page"), ("6h", "30m", "6", "page"),
         ("1d", "2h", "3", "ticket"), ("3d", "6h", "1", "ticket"))
WINDOWS = ("5m", "30m", "1h", "2h", "6h", "1d", "3d")


def rules():
    """The text of rules/slo.yaml."""
    parts = [HEAD]
    for failing, ratio, _, _, _ in OBJECTIVES:
        parts += [RATIO.format(failing=failing, window=window, ratio=ratio.format(window=window))
                  for window in WINDOWS]
    for failing, _, alert, budget, problem in OBJECTIVES:
        parts += [ALERT.format(alert=alert, failing=failing, long=long, short=short, factor=factor,
                               severity=severity, budget=budget, problem=problem)
                  for long, short, factor, severity in BURNS]
    return "".join(parts)


if __name__ == "__main__":
    TARGET.write_text(rules(), encoding="utf-8")
