{{/* What the pods of servers, Jobs and tests have in common, as Pod Security "restricted" wants it:
(dict "s" $s), and "serviceAccountName" where it is another one than the service's. */}}
{{- define "clientele-common.pod" -}}
{{- $v := .s.Values -}}
serviceAccountName: {{ .serviceAccountName | default (include "clientele-common.serviceAccountName" .s) | quote }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- if $v.image.pullSecrets }}
imagePullSecrets:
  {{- range $v.image.pullSecrets }}
  - name: {{ quote . }}
  {{- end }}
{{- end }}
securityContext:
  runAsNonRoot: true
  {{- with $v.runAsId }}
  runAsUser: {{ int . }}
  runAsGroup: {{ int . }}
  fsGroup: {{ int . }}
  {{- end }}
  # Files keep their modes once they are the group's: the server refuses a key that others may write.
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- with $v.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $v.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $v.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $v.priorityClassName }}
priorityClassName: {{ quote . }}
{{- end }}
{{- end }}

{{/* A container, without what only the server's has:
(dict "s" $s "name" … "args" (list …) "env" (list …) "mounts" "<YAML list>"). */}}
{{- define "clientele-common.container" -}}
name: {{ .name }}
image: {{ include "clientele-common.image" .s }}
imagePullPolicy: {{ .s.Values.image.pullPolicy }}
args: {{ toJson .args }}
# What a server that ends says last is then what `kubectl describe` says of it.
terminationMessagePolicy: FallbackToLogsOnError
{{- with include "clientele-common.env" . }}
env: {{- . | nindent 2 }}
{{- end }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
resources: {{- toYaml .s.Values.resources | nindent 2 }}
{{- with .mounts | trim }}
volumeMounts: {{- . | nindent 2 }}
{{- end }}
{{- end }}

{{/* The variables of a container, each name once, at its first place with its last value. */}}
{{- define "clientele-common.env" -}}
{{- $all := concat (.env | default list) .s.Values.extraEnv -}}
{{- $last := dict -}}
{{- range $all }}{{ $_ := set $last .name . }}{{ end -}}
{{- $env := list -}}
{{- range $all -}}
{{- with get $last .name }}{{ $env = append $env . }}{{ $_ := unset $last .name }}{{ end -}}
{{- end -}}
{{- if $env }}{{ toYaml $env }}{{ end }}
{{- end }}

{{/* Entries of a Secret as files: (dict "secret" … "files" (dict "<entry>" "<file>")); nothing without a Secret. */}}
{{- define "clientele-common.secretFiles" -}}
{{- if .secret }}
- secret:
    name: {{ quote .secret }}
    items:
      {{- range $entry, $file := .files }}
      - key: {{ quote $entry }}
        path: {{ $file }}
      {{- end }}
{{- end }}
{{- end }}

{{/* The certificate of the service and its authority. */}}
{{- define "clientele-common.tlsFiles" -}}
{{- include "clientele-common.secretFiles" (dict "secret" (include "clientele-common.tlsSecret" .)
    "files" (dict "tls.crt" "tls.crt" "tls.key" "tls.key" "ca.crt" "ca.crt")) }}
{{- end }}

{{/* All files of Secrets that a server reads, as sources of a projected volume. */}}
{{- define "clientele-common.serverFiles" -}}
{{- $v := .Values -}}
{{- include "clientele-common.secretFiles" (dict "secret" $v.key.existingSecret
    "files" (dict $v.key.secretKey "key")) }}
{{- if .seals }}
{{- include "clientele-common.secretFiles" (dict "secret" $v.encryption.existingSecret
    "files" (dict $v.encryption.secretKey "kek")) }}
{{- end }}
{{- include "clientele-common.tlsFiles" . }}
{{- if has $v.auth.mode (list "jwt" "any") }}
{{- include "clientele-common.secretFiles" (dict "secret" $v.auth.jwt.existingSecret
    "files" (dict $v.auth.jwt.jwksKey "jwks.json")) }}
{{- end }}
{{- include "clientele-common.secretFiles" (dict "secret" $v.auth.token.existingSecret
    "files" (dict $v.auth.token.tokenKey "token")) }}
{{- include "clientele-common.secretFiles" (dict "secret" $v.database.existingSecret
    "files" (dict $v.database.passwordKey "database-password")) }}
{{- include "clientele-common.secretFiles" (dict "secret" $v.database.tls.existingSecret
    "files" (dict "ca.crt" "database-ca.crt")) }}
{{- if $v.redis.addresses }}
{{- include "clientele-common.secretFiles" (dict "secret" $v.redis.existingSecret
    "files" (dict $v.redis.passwordKey "redis-password")) }}
{{- $files := dict "ca.crt" "redis-ca.crt" }}
{{- if $v.redis.tls.clientCertificate }}
{{- $files = merge $files (dict "tls.crt" "redis-tls.crt" "tls.key" "redis-tls.key") }}
{{- end }}
{{- include "clientele-common.secretFiles" (dict "secret" $v.redis.tls.existingSecret "files" $files) }}
{{- end }}
{{- end }}

{{/* The volumes of a container that reads the configuration file: (dict "s" $s "files" "<sources>"). */}}
{{- define "clientele-common.volumes" -}}
- name: config
  configMap:
    name: {{ quote .s.name }}
{{- include "clientele-common.secretsVolume" .files }}
{{- end }}

{{/* A volume of files that the pod's group may read; nothing without sources. */}}
{{- define "clientele-common.secretsVolume" -}}
{{- with . | trim }}
- name: secrets
  projected:
    defaultMode: 0440
    sources: {{- . | nindent 6 }}
{{- end }}
{{- end }}

{{/* The mounts of those volumes, in the same words. */}}
{{- define "clientele-common.mounts" -}}
- name: config
  mountPath: /etc/clientele/config
  readOnly: true
{{- include "clientele-common.secretsMount" .files }}
{{- end }}

{{- define "clientele-common.secretsMount" -}}
{{- if trim . }}
- name: secrets
  mountPath: /etc/clientele/secrets
  readOnly: true
{{- end }}
{{- end }}
