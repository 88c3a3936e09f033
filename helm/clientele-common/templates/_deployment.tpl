{{- define "clientele-common.deployment" -}}
{{- $v := .Values -}}
{{- $server := dict "s" . "component" "server" -}}
{{- $files := include "clientele-common.serverFiles" . -}}
apiVersion: apps/v1
kind: Deployment
metadata: {{- include "clientele-common.metadata" (dict "s" .) | nindent 2 }}
spec:
  {{- if not $v.autoscaling.enabled }}
  replicas: {{ kindIs "invalid" $v.replicaCount | ternary (ternary 1 2 $v.embedded) $v.replicaCount }}
  {{- end }}
  {{- $known := $v.embedded | ternary 0 (int $v.minReadySeconds) }}
  {{- with $known }}
  # Callers know a new pod before the next one goes.
  minReadySeconds: {{ . }}
  {{- end }}
  # New pods may have to wait for the schema until the Job gives up; then as long as Kubernetes gives by itself.
  progressDeadlineSeconds: {{ add $v.migrations.activeDeadlineSeconds 600 $known }}
  strategy: {{- include "clientele-common.strategy" . | nindent 4 }}
  selector:
    matchLabels: {{- include "clientele-common.selector" $server | nindent 6 }}
  template:
    metadata:
      labels: {{- include "clientele-common.labels" (dict "s" . "component" "server" "labels" $v.podLabels) | nindent 8 }}
      {{- $config := dict "clientele/config" (include "clientele-common.config" . | sha256sum) }}
      annotations: {{- merge $config $v.podAnnotations | toYaml | nindent 8 }}
    spec:
      {{- include "clientele-common.pod" (dict "s" .) | nindent 6 }}
      terminationGracePeriodSeconds: {{ int $v.terminationGracePeriodSeconds }}
      {{- with $v.topologySpread.topologyKeys }}
      topologySpreadConstraints:
        {{- range . }}
        - topologyKey: {{ . }}
          maxSkew: 1
          whenUnsatisfiable: {{ $v.topologySpread.whenUnsatisfiable }}
          labelSelector:
            matchLabels: {{- include "clientele-common.selector" $server | nindent 14 }}
        {{- end }}
      {{- end }}
      {{- if $v.embedded }}
      initContainers:
        - {{- include "clientele-common.serverContainer" (dict "s" . "name" "migrate") | nindent 10 }}
      {{- end }}
      containers:
        - {{- include "clientele-common.serverContainer" (dict "s" . "name" "serve") | nindent 10 }}
          ports:
            - name: grpc
              containerPort: {{ .grpcPort }}
            - name: ops
              containerPort: {{ .opsPort }}
          {{- range $probe, $path := dict "startup" "/startupz" "liveness" "/livez" "readiness" "/readyz" }}
          {{ $probe }}Probe:
            httpGet:
              path: {{ $path }}
              port: ops
            timeoutSeconds: 5
            {{- toYaml (get $v.probes $probe) | nindent 12 }}
          {{- end }}
      volumes:
        {{- include "clientele-common.volumes" (dict "s" . "files" $files) | nindent 8 }}
        - name: data
          {{- if $v.embedded }}
          persistentVolumeClaim:
            claimName: {{ $v.persistence.existingClaim | default (printf "%s-data" .name) | quote }}
          {{- else }}
          emptyDir: {}
          {{- end }}
        - name: tmp
          emptyDir: {}
{{- end }}

{{/* A container that has the server's configuration and folders: (dict "s" $s "name" "serve" or "migrate"). */}}
{{- define "clientele-common.serverContainer" -}}
{{- $replica := dict "name" (printf "CLIENTELE_%s_REPLICA_NAME" (upper .s.service))
    "valueFrom" (dict "fieldRef" (dict "fieldPath" "metadata.name")) -}}
{{- include "clientele-common.container" (dict "s" .s "name" .name
    "args" (list .name "--config" "/etc/clientele/config/config.yaml")
    "env" (list $replica)
    "mounts" (include "clientele-common.serverMounts" .s)) }}
{{- end }}

{{- define "clientele-common.serverMounts" -}}
{{- include "clientele-common.mounts" (dict "files" (include "clientele-common.serverFiles" .)) }}
- name: data
  mountPath: /var/lib/clientele
- name: tmp
  mountPath: /tmp
{{- end }}

{{/* An SQLite file has one user at a time; servers on PostgreSQL come before others go. */}}
{{- define "clientele-common.strategy" -}}
{{- if .Values.embedded -}}
type: Recreate
{{- else -}}
type: RollingUpdate
rollingUpdate:
  maxSurge: 1
  maxUnavailable: 0
{{- end }}
{{- end }}
