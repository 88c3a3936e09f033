{{/* Nothing comes in or goes out but what stands here. */}}
{{- define "clientele-common.networkpolicy" -}}
{{- $n := .Values.networkPolicy -}}
{{- if $n.enabled }}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{- include "clientele-common.metadata" (dict "s" .) | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      app.kubernetes.io/name: {{ .service }}
      app.kubernetes.io/instance: {{ quote .Release.Name }}
  policyTypes: [Ingress, Egress]
  ingress:
    # calls, of the suite's services too
    - from:
        - podSelector:
            matchLabels:
              app.kubernetes.io/part-of: clientele
              app.kubernetes.io/instance: {{ quote .Release.Name }}
        {{- with $n.callers }}{{ toYaml . | nindent 8 }}{{ end }}
      ports:
        - port: {{ .grpcPort }}
    {{- with $n.scrapers }}
    # metrics
    - from: {{- toYaml . | nindent 8 }}
      ports:
        - port: {{ $.opsPort }}
    {{- end }}
  egress:
    {{- include "clientele-common.namesOpening" . | nindent 4 }}
    # the suite's services, those with an address of their own in whatever release they are; the test of this one
    {{- range append .peers .service }}
    - to:
        - podSelector:
            matchLabels:
              app.kubernetes.io/name: {{ . }}
              {{- if dig "peers" . "" $.Values }}
              app.kubernetes.io/part-of: clientele
          namespaceSelector: {}
              {{- else }}
              app.kubernetes.io/instance: {{ quote $.Release.Name }}
              {{- end }}
      ports:
        - port: {{ get (index (include "clientele-common.suite" $ | fromYaml) .) "grpc" }}
    {{- end }}
    {{- if not .Values.embedded }}
    {{- $ports := list .Values.database.port }}
    {{- include "clientele-common.opening" (dict "what" "PostgreSQL" "to" $n.database "ports" $ports) | nindent 4 }}
    {{- end }}
    {{- if .Values.redis.addresses }}
    {{- $ports := list }}
    {{- range .Values.redis.addresses }}{{ $ports = append $ports (splitList ":" . | last) }}{{ end }}
    {{- include "clientele-common.opening" (dict "what" "Redis" "to" $n.redis "ports" (uniq $ports)) | nindent 4 }}
    {{- end }}
    {{- with $n.egress }}
    # further ones
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}
{{- end }}

{{/*
The Job's as a hook: a hook comes before the policy of its release does, so that of the release before would keep it
from a database that is new. Policies add up.
*/}}
{{- define "clientele-common.hookpolicy" -}}
{{- $n := .Values.networkPolicy -}}
{{- if and $n.enabled (not .Values.embedded) (eq .Values.migrations.mode "hook") }}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "clientele-common.metadata" (dict "s" . "component" "migrate" "name" (printf "%s-migrate" .name)) | nindent 2 }}
  annotations:
    helm.sh/hook: pre-install,pre-upgrade
    helm.sh/hook-weight: "-1"
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  podSelector:
    matchLabels: {{- include "clientele-common.selector" (dict "s" . "component" "migrate") | nindent 6 }}
  policyTypes: [Ingress, Egress]
  egress:
    {{- include "clientele-common.namesOpening" . | nindent 4 }}
    {{- $ports := list .Values.database.port }}
    {{- include "clientele-common.opening" (dict "what" "PostgreSQL" "to" $n.database "ports" $ports) | nindent 4 }}
    {{- with $n.egress }}
    # further ones
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}
{{- end }}

{{- define "clientele-common.namesOpening" -}}
# names
- ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
{{- end }}

{{/* An egress rule: (dict "what" … "to" (list of peers, none = anywhere) "ports" (list …)). */}}
{{- define "clientele-common.opening" -}}
# {{ .what }}
- ports:
    {{- range .ports }}
    - port: {{ int . }}
    {{- end }}
  {{- with .to }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
