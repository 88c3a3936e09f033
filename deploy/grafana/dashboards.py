"""Writes dashboards/*.json from the descriptions in panels.py.

Run it from the root of the repository after a change: python3 -m deploy.grafana.dashboards
"""
import json
import pathlib

from deploy.grafana import panels

FOLDER = pathlib.Path(__file__).parent / "dashboards"
DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
# In Grafana's grid of 24 columns.
COLUMNS = 24
HEIGHT = {"timeseries": 8, "stat": 4}

VARIABLES = [
    {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus"},
    # Matches series without the label too, as those of a Prometheus outside of Kubernetes.
    {"name": "namespace", "label": "Namespace", "type": "query", "datasource": DATASOURCE,
     "query": {"query": "label_values(clientele_build_info, namespace)", "refId": "namespace"},
     "refresh": 2, "includeAll": True, "multi": True, "allValue": ".*",
     "current": {"text": "All", "value": "$__all"}},
]


def target(query, number):
    return {"refId": chr(ord("A") + number), "datasource": DATASOURCE,
            "expr": query.expression.replace("@", 'namespace=~"$namespace"'),
            "legendFormat": query.legend, "range": True}


def panel(described, identifier, position):
    kind = "stat" if described.is_stat else "timeseries"
    return {"id": identifier, "type": kind, "title": described.title,
            "description": described.description, "datasource": DATASOURCE, "gridPos": position,
            "fieldConfig": {"defaults": {"unit": described.unit}, "overrides": []},
            "targets": [target(query, number) for number, query in enumerate(described.queries)]}


def laid_out(rows):
    """The panels of rows, each row below the one before it."""
    found, top = [], 0
    for row in rows:
        found.append({"id": len(found) + 1, "type": "row", "title": row.title, "collapsed": False,
                      "panels": [], "gridPos": {"x": 0, "y": top, "w": COLUMNS, "h": 1}})
        top += 1
        for first in range(0, len(row.panels), row.columns):
            line = row.panels[first:first + row.columns]
            height = HEIGHT["stat" if all(each.is_stat for each in line) else "timeseries"]
            width = COLUMNS // row.columns
            for place, described in enumerate(line):
                found.append(panel(described, len(found) + 1,
                                   {"x": place * width, "y": top, "w": width, "h": height}))
            top += height
    return found


def dashboard(described):
    return {"uid": described.uid, "title": described.title, "tags": ["clientele"],
            "schemaVersion": 38, "version": 1, "editable": False, "refresh": "30s",
            "time": {"from": "now-6h", "to": "now"}, "timezone": "utc",
            "templating": {"list": VARIABLES}, "panels": laid_out(described.rows)}


def files():
    """{path: text} of every dashboard."""
    return {FOLDER / f"{described.uid}.json": json.dumps(dashboard(described), indent=1) + "\n"
            for described in panels.dashboards()}


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
