{{/* Ends with all that cannot work, a sentence each that tells what to do. */}}
{{- define "clientele-common.check" -}}
{{- $kinds := list "library" "release" "image" "claim" "storage" "idle" "peers" "tls" "auth" "secrets" "scale" "tolerations" "resources" -}}
{{- include "clientele-common.refuse" (dict "of" .service "chart" "clientele-common" "kinds" $kinds "given" .) }}
{{- end }}

{{/*
Ends when one of a chart's templates "<chart>.mistakes.<kind>" has a line to say:
(dict "of" "<whose values>" "chart" … "kinds" (list …) "given" <what these templates get>).
*/}}
{{- define "clientele-common.refuse" -}}
{{- $mistakes := list -}}
{{- range .kinds }}
{{- $found := include (printf "%s.mistakes.%s" $.chart .) $.given -}}
{{- $mistakes = concat $mistakes ($found | trim | splitList "\n") }}
{{- end }}
{{- with compact $mistakes }}
{{- fail (printf "%s: %s" $.of (join " " .)) }}
{{- end }}
{{- end }}

{{/* Services are called after the release, and Kubernetes before 1.36 wants a letter first. */}}
{{- define "clientele-common.mistakes.release" -}}
{{- if not (regexMatch "^[a-z][-a-z0-9]*$" .name) }}
A Service would be called {{ .name }}, which not every Kubernetes takes: give the release another name than {{ .Release.Name }}, a small letter and then small letters, digits and hyphens (crm), or set fullnameOverride.
{{- end }}
{{- end }}

{{- define "clientele-common.mistakes.storage" -}}
{{- $v := .Values -}}
{{- if and (not $v.embedded) (not $v.database.host) }}
With embedded: false the data are in PostgreSQL: set database.host, or embedded: true for a trial on SQLite.
{{- end }}
{{- if and $v.embedded (gt (int ($v.replicaCount | default 1)) 1) }}
replicaCount: {{ $v.replicaCount }} with embedded: true, but SQLite serves one pod: set embedded: false and database.host, or replicaCount: 1.
{{- end }}
{{- if and $v.embedded $v.autoscaling.enabled }}
autoscaling.enabled: true with embedded: true, but SQLite serves one pod: set embedded: false and database.host, or autoscaling.enabled: false.
{{- end }}
{{- if and $v.embedded (ne $v.migrations.mode "job") }}
migrations.mode: {{ $v.migrations.mode }} is for PostgreSQL, and with embedded: true the pod brings its own file up to date: remove it, or set embedded: false.
{{- end }}
{{- end }}

{{/* A chart above this one may have the others, and checks itself that it does. */}}
{{- define "clientele-common.mistakes.peers" -}}
{{- if .Chart.IsRoot }}
{{- range .peers }}
{{- if not (get $.Values.peers .) }}
{{ $.service }} calls {{ . }}, which this chart does not have: set peers.{{ . }} to where it is (host:port), or install the chart clientele, which has both.
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "clientele-common.mistakes.tls" -}}
{{- $t := .Values.tls -}}
{{- $secret := include "clientele-common.tlsSecret" . -}}
{{- if and $t.certManager.enabled $t.existingSecret }}
The certificate has two sources: set tls.existingSecret, or tls.certManager.enabled: true, not both.
{{- end }}
{{- if and $t.certManager.enabled (not $t.certManager.issuerRef.name) }}
Nobody signs the certificate: set tls.certManager.issuerRef.name to an Issuer of cert-manager.
{{- end }}
{{- if and (not $secret) (ne $t.clientAuth "none") }}
tls.clientAuth: {{ $t.clientAuth }} needs TLS: set tls.existingSecret, or tls.certManager.enabled: true.
{{- end }}
{{- if not (or $secret .Values.insecure .Values.embedded) }}
Calls would come in clear text: set tls.existingSecret, or tls.certManager.enabled: true, or insecure: true where something else encrypts them.
{{- end }}
{{- end }}

{{- define "clientele-common.mistakes.auth" -}}
{{- $a := .Values.auth -}}
{{- if and (include "clientele-common.tlsSecret" .) (eq $a.mode "none") (not (or .Values.insecure .Values.embedded)) }}
Everybody could call: set auth.mode to mtls, jwt or any, or insecure: true where something else asks callers who they are.
{{- end }}
{{- if and (has $a.mode (list "mtls" "any")) (eq .Values.tls.clientAuth "none") }}
auth.mode: {{ $a.mode }} knows callers by their certificates: set tls.clientAuth to require, or to request.
{{- end }}
{{- if and (has $a.mode (list "jwt" "any")) (not (and $a.jwt.existingSecret $a.jwt.issuer $a.jwt.audience)) }}
auth.mode: {{ $a.mode }} checks tokens: set auth.jwt.existingSecret to a Secret with {{ $a.jwt.jwksKey }}, auth.jwt.issuer and auth.jwt.audience.
{{- end }}
{{- if ne $a.mode "none" }}
{{- $config := include "clientele-common.authConfig" . | fromYaml }}
{{- include "clientele-common.mistakes.roles" (dict "roles" $config.roles "permissions" .permissions) }}
{{- include "clientele-common.mistakes.grants" $config }}
{{- end }}
{{- end }}

{{/* Of (dict "roles" <auth.roles that a server gets> "permissions" …). */}}
{{- define "clientele-common.mistakes.roles" -}}
{{- $roles := list -}}
{{- range .roles }}
{{- $entry := splitn "=" 2 . }}
{{- $role := $entry._0 }}
{{- if has $role $roles }}
auth.roles: {{ $role }} is there twice: give all its permissions in one entry.
{{- end }}
{{- $roles = append $roles $role }}
{{- range splitList " " ($entry._1 | default "") | compact }}
{{- if not (has . $.permissions) }}
auth.roles: {{ $role }}: there is no permission "{{ . }}": take one of docs/security.md, "What they may do".
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* Of the auth section that a server gets. */}}
{{- define "clientele-common.mistakes.grants" -}}
{{- $roles := list -}}
{{- range .roles }}{{ $roles = append $roles (index (splitList "=" .) 0) }}{{ end }}
{{- $callers := list }}
{{- range .certificates }}{{ $callers = append $callers (index (splitList "=" .) 0) }}{{ end }}
{{- $mode := .mode }}
{{- range .grants }}
{{- $grant := splitn "=" 2 . }}
{{- if hasPrefix "token:" $grant._0 }}
{{- if eq $mode "mtls" }}
auth.grants: nobody can be {{ $grant._0 }}: auth.mode mtls takes no tokens: set it to any, or grant the roles to a principal of auth.certificates.
{{- end }}
{{- else if not (has $grant._0 $callers) }}
auth.grants: nobody can be {{ $grant._0 }}: add {{ $grant._0 }}=NAME to auth.certificates, with a name of the caller's certificate{{ if ne $mode "mtls" }}, or name token:SUBJECT, as whoever has a token is called{{ end }}.
{{- end }}
{{- range splitList " " $grant._1 | compact }}
{{- if not (has . $roles) }}
auth.grants: {{ $grant._0 }} is granted "{{ . }}", which is not in auth.roles: add that role there, or correct its name.
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "clientele-common.mistakes.secrets" -}}
{{- $v := .Values -}}
{{- if and (not $v.embedded) (not $v.key.existingSecret) }}
Replicas share a key: make a Secret of 32 random bytes (head -c 32 /dev/urandom > key; kubectl create secret generic clientele-key --namespace {{ .Release.Namespace }} --from-file=key) and set key.existingSecret to its name.
{{- end }}
{{- if and .seals (not $v.embedded) (not $v.encryption.existingSecret) }}
What customers said is encrypted: make a Secret (echo "k-1 $(head -c 32 /dev/urandom | base64)" > kek; kubectl create secret generic clientele-kek --namespace {{ .Release.Namespace }} --from-file=kek), keep a copy apart from the database, and set encryption.existingSecret to its name.
{{- end }}
{{- if and (hasPrefix "verify" $v.database.sslMode) (not $v.database.tls.existingSecret) }}
database.sslMode: {{ $v.database.sslMode }} needs the authority that signed PostgreSQL's certificate: set database.tls.existingSecret to a Secret with ca.crt.
{{- end }}
{{- if and $v.redis.tls.clientCertificate (not $v.redis.tls.existingSecret) }}
redis.tls.clientCertificate needs a certificate: set redis.tls.existingSecret to a Secret with tls.crt, tls.key and ca.crt.
{{- else if and $v.redis.addresses $v.redis.tls.enabled (not $v.redis.tls.existingSecret) (not (dig "redis" "tls_ca_file" "" $v.config)) }}
redis.tls.enabled needs the authority that signed Redis' certificate: set redis.tls.existingSecret to a Secret with ca.crt, or config.redis.tls_ca_file to /etc/ssl/certs/ca-certificates.crt for those that everybody knows.
{{- end }}
{{- end }}

{{- define "clientele-common.mistakes.scale" -}}
{{- $v := .Values -}}
{{- $a := $v.autoscaling -}}
{{- if and $a.enabled (gt (int $a.minReplicas) (int $a.maxReplicas)) }}
autoscaling.minReplicas is above autoscaling.maxReplicas: exchange them.
{{- end }}
{{- if and $a.enabled (not $a.cpuPercent) (not $a.runningCalls) }}
The autoscaler has nothing to look at: set autoscaling.cpuPercent or autoscaling.runningCalls.
{{- end }}
{{- $pods := kindIs "invalid" $v.replicaCount | ternary 2 $v.replicaCount }}
{{- if $a.enabled }}{{ $pods = $a.minReplicas }}{{ end }}
{{- $away := int $v.podDisruptionBudget.maxUnavailable }}
{{- if and $v.podDisruptionBudget.enabled (not $v.embedded) (gt $away 1) (gt (int $pods) 0) (ge $away (int $pods)) }}
podDisruptionBudget.maxUnavailable: {{ $away }} lets a drain take all of {{ int $pods }} pods: set it below {{ $a.enabled | ternary "autoscaling.minReplicas" "replicaCount" }}, or to 1.
{{- end }}
{{- $needed := add 15 (trimSuffix "s" $v.drainDelay) }}
{{- if lt (int $v.terminationGracePeriodSeconds) (int $needed) }}
A server that drains for {{ $v.drainDelay }} and then gives its calls 10 s is killed after {{ int $v.terminationGracePeriodSeconds }} s: set terminationGracePeriodSeconds to {{ $needed }} or more.
{{- end }}
{{- end }}

{{- define "clientele-common.mistakes.tolerations" -}}
{{- range .Values.tolerations }}
{{- $operator := .operator | default "Equal" }}
{{- if and (eq $operator "Exists") .value }}
A toleration with operator: Exists is for every value: remove value: {{ .value }} from it, or set operator: Equal.
{{- end }}
{{- if and (ne $operator "Exists") (not .key) }}
A toleration without a key is for every taint: give it a key, or set operator: Exists.
{{- end }}
{{- if and (hasKey . "tolerationSeconds") (ne (.effect | default "") "NoExecute") }}
A toleration has tolerationSeconds only for taints that end pods: set effect: NoExecute, or remove tolerationSeconds from it.
{{- end }}
{{- end }}
{{- end }}
