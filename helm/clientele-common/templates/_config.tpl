{{/* The service's configuration file: what the user says, and over it what the chart decides. */}}
{{- define "clientele-common.config" -}}
{{- $v := .Values -}}
{{- $tls := include "clientele-common.tlsSecret" . -}}
{{- $secrets := "/etc/clientele/secrets" -}}
{{- $c := dict
    "data_dir" (printf "/var/lib/clientele/%s" .service)
    "drain_delay" $v.drainDelay
    "grpc" (dict "address" (printf "0.0.0.0:%d" .grpcPort))
    "ops" (dict "host" "0.0.0.0" "port" .opsPort) -}}
{{- range .peers }}
{{- $_ := set $c . (dict "address" (include "clientele-common.peerAddress" (dict "s" $ "peer" .))) }}
{{- end }}
{{- if $v.key.existingSecret }}{{ $_ := set $c "key_file" (printf "%s/key" $secrets) }}{{ end }}
{{- if and .seals $v.encryption.existingSecret }}
{{- $_ := set $c "encryption" (dict "kek_file" (printf "%s/kek" $secrets)) }}
{{- end }}
{{- if $tls }}
{{- $_ := set $c "tls" (dict "cert_file" (printf "%s/tls.crt" $secrets) "key_file" (printf "%s/tls.key" $secrets)
      "client_auth" $v.tls.clientAuth) }}
{{- if ne $v.tls.clientAuth "none" }}{{ $_ := set $c.tls "client_ca_file" (printf "%s/ca.crt" $secrets) }}{{ end }}
{{- $_ := set $c "client_tls" (dict "ca_file" (printf "%s/ca.crt" $secrets)
      "cert_file" (printf "%s/tls.crt" $secrets) "key_file" (printf "%s/tls.key" $secrets)) }}
{{- end }}
{{- if and (or $v.insecure $v.embedded) (or (not $tls) (eq $v.auth.mode "none")) }}
{{- $_ := set $c "insecure" true }}
{{- end }}
{{- if ne $v.auth.mode "none" }}{{ $_ := set $c "auth" (include "clientele-common.authConfig" . | fromYaml) }}{{ end }}
{{- if $v.auth.token.existingSecret }}
{{- $_ := set $c "client_auth" (dict "token_file" (printf "%s/token" $secrets)) }}
{{- end }}
{{- if not $v.embedded }}
{{- $user := $v.database.user | default (printf "clientele_%s" .service) }}
{{- $_ := set $c "database" (dict "url" (include "clientele-common.databaseUrl" (dict "s" . "user" $user))) }}
{{- if $v.database.existingSecret }}
{{- $_ := set $c.database "password_file" (printf "%s/database-password" $secrets) }}
{{- end }}
{{- end }}
{{- if $v.redis.addresses }}{{ $_ := set $c "redis" (include "clientele-common.redisConfig" . | fromYaml) }}{{ end }}
{{- mergeOverwrite (deepCopy $v.config) $c | toYaml }}
{{- end }}

{{/* Who may call: whom the user says, and the release's own services, known by their certificates. */}}
{{- define "clientele-common.authConfig" -}}
{{- $a := .Values.auth -}}
{{- $certificates := $a.certificates -}}
{{- $roles := $a.roles -}}
{{- $grants := $a.grants -}}
{{- if ne $a.mode "jwt" }}
{{- range $caller, $permissions := .callers }}
{{- $name := include "clientele-common.usualName" (dict "s" $ "service" $caller) }}
{{- $certificates = append $certificates (printf "%s=%s.%s.svc" $caller $name $.Release.Namespace) }}
{{- $roles = append $roles (printf "clientele-%s=%s" $caller $permissions) }}
{{- $grants = append $grants (printf "%s=clientele-%s" $caller $caller) }}
{{- end }}
{{- end }}
mode: {{ $a.mode }}
certificates: {{ toJson $certificates }}
roles: {{ toJson $roles }}
grants: {{ toJson $grants }}
{{- if ne $a.mode "mtls" }}
jwt:
  jwks_file: /etc/clientele/secrets/jwks.json
  issuer: {{ quote $a.jwt.issuer }}
  audience: {{ quote $a.jwt.audience }}
{{- end }}
{{- end }}

{{/* PostgreSQL in libpq's keywords, without the password: (dict "s" $s "user" …). */}}
{{- define "clientele-common.databaseUrl" -}}
{{- $d := .s.Values.database -}}
{{- $ca := $d.tls.existingSecret -}}
host={{ $d.host }} port={{ $d.port }} dbname={{ $d.name }} user={{ .user }} sslmode=
{{- $d.sslMode | default (ternary "verify-full" "require" (ne $ca "")) }}
{{- if $ca }} sslrootcert=/etc/clientele/secrets/database-ca.crt{{ end }}
{{- end }}

{{- define "clientele-common.redisConfig" -}}
{{- $r := .Values.redis -}}
addresses: {{ toJson $r.addresses }}
cluster: {{ $r.cluster }}
key_prefix: {{ $r.keyPrefix | default (printf "%s-%s" .Release.Namespace .Release.Name) }}
{{- with $r.user }}
user: {{ quote . }}
{{- end }}
{{- if $r.existingSecret }}
password_file: /etc/clientele/secrets/redis-password
{{- end }}
{{- if $r.tls.enabled }}
tls: true
{{- with $r.tls.serverName }}
tls_server_name: {{ . }}
{{- end }}
{{- if $r.tls.existingSecret }}
tls_ca_file: /etc/clientele/secrets/redis-ca.crt
{{- end }}
{{- if $r.tls.clientCertificate }}
tls_certificate_file: /etc/clientele/secrets/redis-tls.crt
tls_key_file: /etc/clientele/secrets/redis-tls.key
{{- end }}
{{- end }}
{{- end }}

{{- define "clientele-common.configmap" -}}
apiVersion: v1
kind: ConfigMap
metadata: {{- include "clientele-common.metadata" (dict "s" .) | nindent 2 }}
data:
  config.yaml: |
    {{- include "clientele-common.config" . | nindent 4 }}
{{- end }}
