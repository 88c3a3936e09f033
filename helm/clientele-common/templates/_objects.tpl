{{- define "clientele-common.serviceaccount" -}}
{{- if .Values.serviceAccount.create }}
{{- $name := include "clientele-common.serviceAccountName" . -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "clientele-common.metadata" (dict "s" . "name" $name) | nindent 2 }}
  {{- with .Values.serviceAccount.annotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: false
{{- end }}
{{- end }}

{{- define "clientele-common.storage" -}}
{{- $p := .Values.persistence -}}
{{- if and .Values.embedded (not $p.existingClaim) }}
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  {{- include "clientele-common.metadata" (dict "s" . "name" (printf "%s-data" .name)) | nindent 2 }}
  {{- if $p.keep }}
  annotations:
    helm.sh/resource-policy: keep
  {{- end }}
spec:
  accessModes: [ReadWriteOnce]
  {{- with $p.storageClass }}
  storageClassName: {{ quote . }}
  {{- end }}
  resources:
    requests:
      storage: {{ $p.size }}
{{- end }}
{{- end }}

{{/* Names of a service in its namespace, which certificates are for; by the usual one others know it as a caller. */}}
{{- define "clientele-common.dnsNames" -}}
{{- $usual := include "clientele-common.usualName" (dict "s" . "service" .service) -}}
{{- range list .name (printf "%s-headless" .name) $usual | uniq }}
- {{ quote . }}
- {{ printf "%s.%s" . $.Release.Namespace | quote }}
- {{ printf "%s.%s.svc" . $.Release.Namespace | quote }}
{{- end }}
{{- end }}

{{- define "clientele-common.certificate" -}}
{{- $c := .Values.tls.certManager -}}
{{- if $c.enabled }}
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {{- include "clientele-common.metadata" (dict "s" .) | nindent 2 }}
spec:
  secretName: {{ include "clientele-common.tlsSecret" . | quote }}
  issuerRef: {{- toYaml $c.issuerRef | nindent 4 }}
  duration: {{ $c.duration }}
  renewBefore: {{ $c.renewBefore }}
  dnsNames: {{- include "clientele-common.dnsNames" . | nindent 4 }}
  privateKey:
    algorithm: ECDSA
    size: 256
    rotationPolicy: Always
  # Services also show it when they call each other.
  usages: [digital signature, server auth, client auth]
{{- end }}
{{- end }}

{{- define "clientele-common.services" -}}
{{- range tuple "" "-headless" }}
---
apiVersion: v1
kind: Service
metadata:
  {{- include "clientele-common.metadata" (dict "s" $ "name" (print $.name .)) | nindent 2 }}
  {{- with $.Values.service.annotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  type: ClusterIP
  {{- if . }}
  # Its name answers with every ready pod, so that clients balance calls themselves.
  clusterIP: None
  {{- end }}
  selector: {{- include "clientele-common.selector" (dict "s" $ "component" "server") | nindent 4 }}
  ports:
    - name: grpc
      port: {{ $.grpcPort }}
      targetPort: grpc
      appProtocol: grpc
    {{- if . }}
    - name: ops
      port: {{ $.opsPort }}
      targetPort: ops
    {{- end }}
{{- end }}
{{- end }}

{{- define "clientele-common.disruption" -}}
{{- if and .Values.podDisruptionBudget.enabled (not .Values.embedded) }}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {{- include "clientele-common.metadata" (dict "s" .) | nindent 2 }}
spec:
  maxUnavailable: {{ int .Values.podDisruptionBudget.maxUnavailable }}
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels: {{- include "clientele-common.selector" (dict "s" . "component" "server") | nindent 6 }}
{{- end }}
{{- end }}

{{- define "clientele-common.autoscaler" -}}
{{- $a := .Values.autoscaling -}}
{{- if $a.enabled }}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{- include "clientele-common.metadata" (dict "s" .) | nindent 2 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ quote .name }}
  minReplicas: {{ int $a.minReplicas }}
  maxReplicas: {{ int $a.maxReplicas }}
  metrics:
    {{- with $a.cpuPercent }}
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ int . }}
    {{- end }}
    {{- with $a.runningCalls }}
    - type: Pods
      pods:
        metric:
          name: clientele_{{ $.service }}_executor_running_calls
        target:
          type: AverageValue
          averageValue: {{ int . | quote }}
    {{- end }}
{{- end }}
{{- end }}

{{- define "clientele-common.servicemonitor" -}}
{{- $m := .Values.serviceMonitor -}}
{{- if $m.enabled }}
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {{- include "clientele-common.metadata" (dict "s" . "labels" $m.labels) | nindent 2 }}
spec:
  selector:
    matchLabels: {{- include "clientele-common.selector" (dict "s" . "component" "server") | nindent 6 }}
  namespaceSelector:
    matchNames: [{{ quote .Release.Namespace }}]
  endpoints:
    - port: ops  # which the headless Service has, and the other one has not
      path: /metrics
      interval: {{ $m.interval }}
{{- end }}
{{- end }}

{{- define "clientele-common.test" -}}
{{- $address := printf "grpc.address=%s:%d" .name .grpcPort -}}
{{- $files := include "clientele-common.tlsFiles" . -}}
apiVersion: v1
kind: Pod
metadata:
  {{- include "clientele-common.metadata" (dict "s" . "component" "test" "name" (printf "%s-test" .name)) | nindent 2 }}
  annotations:
    helm.sh/hook: test
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  {{- include "clientele-common.pod" (dict "s" .) | nindent 2 }}
  restartPolicy: Never
  containers:
    - {{- include "clientele-common.container" (dict "s" . "name" "probe"
          "args" (list "probe" "--config" "/etc/clientele/config/config.yaml" "--set" $address)
          "mounts" (include "clientele-common.mounts" (dict "files" $files))) | nindent 6 }}
  volumes: {{- include "clientele-common.volumes" (dict "s" . "files" $files) | nindent 4 }}
{{- end }}
