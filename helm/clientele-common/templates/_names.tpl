{{/* The release, at most 27 characters, so that every name made of it fits into 63. */}}
{{- define "clientele-common.release" -}}
{{- if le (len .Release.Name) 27 }}{{ .Release.Name }}
{{- else }}{{ printf "%s-%s" (.Release.Name | trunc 20 | trimSuffix "-") (.Release.Name | sha256sum | trunc 6) }}
{{- end }}
{{- end }}

{{/* The name of a service's objects: (dict "s" $s "service" "profile"). */}}
{{- define "clientele-common.name" -}}
{{- $override := and (eq .service .s.service) .s.Values.fullnameOverride -}}
{{- $override | default (include "clientele-common.usualName" .) -}}
{{- end }}

{{/* The same without an override, which the other services of the release do not know. */}}
{{- define "clientele-common.usualName" -}}
{{- $release := include "clientele-common.release" .s -}}
{{- eq $release .service | ternary .service (printf "%s-%s" $release .service) -}}
{{- end }}

{{/* Labels that pods of a component are selected by: (dict "s" $s "component" "server"). */}}
{{- define "clientele-common.selector" -}}
app.kubernetes.io/name: {{ .s.service }}
app.kubernetes.io/instance: {{ quote .s.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/*
Labels of an object: (dict "s" $s "component" "server"), and "labels", which are the user's: those of the chart, which
pods are found by, stay as they are.
*/}}
{{- define "clientele-common.labels" -}}
{{- $own := include "clientele-common.selector" . | fromYaml -}}
{{- $_ := set $own "app.kubernetes.io/part-of" "clientele" -}}
{{- $_ := set $own "app.kubernetes.io/version" .s.Chart.AppVersion -}}
{{- $_ := set $own "app.kubernetes.io/managed-by" .s.Release.Service -}}
{{- $_ := set $own "helm.sh/chart" (printf "%s-%s" .s.Chart.Name .s.Chart.Version | replace "+" "_") -}}
{{- merge $own (.labels | default dict) | toYaml }}
{{- end }}

{{/* Name and labels of an object: (dict "s" $s "name" … "component" … "labels" …), the latter three optional. */}}
{{- define "clientele-common.metadata" -}}
{{- $component := .component | default "server" -}}
name: {{ .name | default .s.name | quote }}
namespace: {{ quote .s.Release.Namespace }}
labels: {{- include "clientele-common.labels" (dict "s" .s "component" $component "labels" .labels) | nindent 2 }}
{{- end }}

{{- define "clientele-common.image" -}}
{{- $i := .Values.image -}}
{{- with $i.registry }}{{ . }}/{{ end -}}
{{- $i.repository | default (printf "clientele-%s" .service) -}}
{{- if $i.digest }}@{{ $i.digest }}{{ else }}:{{ $i.tag | default .Chart.AppVersion }}{{ end -}}
{{- end }}

{{- define "clientele-common.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (.Values.serviceAccount.create | ternary .name "default") -}}
{{- end }}

{{/* Whether calls are encrypted: the name of the Secret with the certificate, or nothing. */}}
{{- define "clientele-common.tlsSecret" -}}
{{- .Values.tls.certManager.enabled | ternary (printf "%s-tls" .name) .Values.tls.existingSecret -}}
{{- end }}

{{/* Where another service of the suite is: (dict "s" $s "peer" "profile"). */}}
{{- define "clientele-common.peerAddress" -}}
{{- $port := get (index (include "clientele-common.suite" . | fromYaml) .peer) "grpc" -}}
{{- $name := include "clientele-common.name" (dict "s" .s "service" .peer) -}}
{{- get .s.Values.peers .peer | default (printf "%s:%v" $name $port) -}}
{{- end }}
