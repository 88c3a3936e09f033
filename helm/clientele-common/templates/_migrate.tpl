{{/*
The Job that brings PostgreSQL's schema up to date. A Job cannot change, so its name holds a hash of its pods
(image, credentials, hash of the schema, attempt): what differs is a new Job. As a hook it is made anew each time and
takes the place of the one before, so it has one name; it reads no ConfigMap and uses no ServiceAccount of the chart,
for before an installation there are none.
*/}}
{{- define "clientele-common.migrate" -}}
{{- if and (not .Values.embedded) (ne .Values.migrations.mode "manual") }}
{{- $isHook := eq .Values.migrations.mode "hook" -}}
{{- $template := include "clientele-common.migrateTemplate" . -}}
{{- $name := printf "%s-migrate" .name -}}
{{- if not $isHook }}{{ $name = printf "%s-%s" $name ($template | sha256sum | trunc 10) }}{{ end -}}
apiVersion: batch/v1
kind: Job
metadata:
  {{- include "clientele-common.metadata" (dict "s" . "component" "migrate" "name" $name) | nindent 2 }}
  {{- if $isHook }}
  annotations:
    helm.sh/hook: pre-install,pre-upgrade
    helm.sh/hook-delete-policy: before-hook-creation
  {{- end }}
spec:
  backoffLimit: {{ int .Values.migrations.backoffLimit }}
  activeDeadlineSeconds: {{ int .Values.migrations.activeDeadlineSeconds }}
  template: {{- $template | nindent 4 }}
{{- end }}
{{- end }}

{{- define "clientele-common.migrateTemplate" -}}
{{- $isEarly := and (eq .Values.migrations.mode "hook") .Values.serviceAccount.create -}}
metadata:
  labels: {{- include "clientele-common.labels" (dict "s" . "component" "migrate") | nindent 4 }}
  annotations:
    clientele/schema: {{ .schema | quote }}
    clientele/attempt: {{ int .Values.migrations.attempt | quote }}
spec:
  {{- include "clientele-common.pod" (dict "s" . "serviceAccountName" ($isEarly | ternary "default" "")) | nindent 2 }}
  restartPolicy: Never
  containers:
    - {{- include "clientele-common.migrateContainer" . | nindent 6 }}
  {{- with include "clientele-common.secretsVolume" (include "clientele-common.migrateFiles" .) }}
  volumes: {{- . | nindent 4 }}
  {{- end }}
{{- end }}

{{/* Its own credentials, else the server's. */}}
{{- define "clientele-common.migrateContainer" -}}
{{- $d := .Values.database -}}
{{- $m := $d.migrate -}}
{{- $prefix := printf "CLIENTELE_%s_DATABASE_" (upper .service) -}}
{{- $user := ternary $m.user ($d.user | default (printf "clientele_%s" .service)) (ne $m.existingSecret "") -}}
{{- $env := list (dict "name" (printf "%sMIGRATE_URL" $prefix)
    "value" (include "clientele-common.databaseUrl" (dict "s" . "user" $user))) -}}
{{- if or $m.existingSecret $d.existingSecret }}
{{- $env = append $env (dict "name" (printf "%sMIGRATE_PASSWORD_FILE" $prefix)
    "value" "/etc/clientele/secrets/database-password") }}
{{- end }}
{{- with dig "database" "schema" "" .Values.config }}
{{- $env = append $env (dict "name" (printf "%sSCHEMA" $prefix) "value" .) }}
{{- end }}
{{- include "clientele-common.container" (dict "s" . "name" "migrate" "args" (list "migrate") "env" $env
    "mounts" (include "clientele-common.secretsMount" (include "clientele-common.migrateFiles" .))) }}
{{- end }}

{{- define "clientele-common.migrateFiles" -}}
{{- $d := .Values.database -}}
{{- $password := ternary $d.migrate $d (ne $d.migrate.existingSecret "") -}}
{{- include "clientele-common.secretFiles" (dict "secret" $password.existingSecret
    "files" (dict $password.passwordKey "database-password")) }}
{{- include "clientele-common.secretFiles" (dict "secret" $d.tls.existingSecret
    "files" (dict "ca.crt" "database-ca.crt")) }}
{{- end }}
