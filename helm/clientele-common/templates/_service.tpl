{{/*
All manifests of one service: (dict "chart" . "service" "loyalty").
What the templates of this library call $s has: Release, Chart, Values (the settings in effect), service,
name (of its objects), grpcPort, opsPort, peers, callers, seals (whether it stores personal texts), schema (hash of
its migrations), and for checks defaults, misplaced (given under the library's name), global (as it was given) and
permissions (all that a role may name).
*/}}
{{- define "clientele-common.service" -}}
{{- $facts := index (include "clientele-common.suite" . | fromYaml) .service -}}
{{- $s := dict "Release" .chart.Release "Chart" .chart.Chart
    "Values" (include "clientele-common.settings" .chart | fromJson)
    "service" .service "grpcPort" (int $facts.grpc) "opsPort" (int $facts.ops)
    "peers" $facts.peers "callers" $facts.callers "seals" ($facts.seals | default false)
    "schema" (.chart.Files.Get "files/schema.sha256" | trim)
    "defaults" (include "clientele-common.defaults" .chart | fromJson)
    "misplaced" (include "clientele-common.misplaced" .chart | fromJsonArray) "global" .chart.Values.global
    "permissions" ((index .chart.Subcharts "clientele-common").Files.Get "files/permissions.json" | fromJsonArray) -}}
{{- $_ := set $s "name" (include "clientele-common.name" (dict "s" $s "service" .service)) -}}
{{- include "clientele-common.check" $s -}}
{{- range list "serviceaccount" "configmap" "storage" "certificate" "deployment" "services" "migrate" "disruption"
    "autoscaler" "networkpolicy" "hookpolicy" "servicemonitor" "test" -}}
{{- with include (printf "clientele-common.%s" .) $s | trim }}
---
{{ . }}
{{- end }}
{{- end }}
{{- end }}

{{/* What the chart knows of each service: its ports, whom it calls, and what its callers need to be allowed. */}}
{{- define "clientele-common.suite" -}}
profile:
  grpc: 7001
  ops: 9001
  peers: []
  callers: {segmentation: events.read, loyalty: events.read, complaints: profile.customers.read}
  seals: true
segmentation: {grpc: 7002, ops: 9002, peers: [profile], callers: {}}
loyalty:
  grpc: 7003
  ops: 9003
  peers: [profile]
  callers: {complaints: events.read loyalty.members.read loyalty.points.adjust}
complaints: {grpc: 7004, ops: 9004, peers: [profile, loyalty], callers: {}, seals: true}
{{- end }}

{{/* What the settings are unless something else is said, as JSON. Its values may differ from it, where they were given. */}}
{{- define "clientele-common.defaults" -}}
{{- (index .Subcharts "clientele-common").Files.Get "files/values.json" -}}
{{- end }}

{{/* The settings in effect, as JSON: the library's, over them "global", over them the service's own. */}}
{{- define "clientele-common.settings" -}}
{{- $given := list (index .Values "clientele-common") (.Values.global | default dict) .Values -}}
{{- $settings := dict -}}
{{- range $given }}
{{- $settings = mergeOverwrite $settings (omit (deepCopy .) "global" "clientele-common" "enabled") }}
{{- end -}}
{{- toJson $settings -}}
{{- end }}
