{{/* The settings in effect of each service that the release has, as JSON. */}}
{{- define "clientele.settings" -}}
{{- $all := dict -}}
{{- range $service, $_ := include "clientele-common.suite" . | fromYaml }}
{{- $values := index $.Values $service }}
{{- if $values.enabled }}
{{- $_ := set $all $service (include "clientele-common.settings" (dict "Values" $values) | fromJson) }}
{{- end }}
{{- end -}}
{{- toJson $all -}}
{{- end }}

{{/*
The Secrets of the user's that pods mount, and the entries that they must have, as JSON: (dict "all" <clientele.settings>
"suite" <clientele-common.suite> "Release" …). Those that cert-manager makes are not among them.
*/}}
{{- define "clientele.secrets" -}}
{{- $secrets := dict -}}
{{- range $service, $settings := .all }}
{{- $s := dict "service" $service "Release" $.Release "Values" $settings "name" $service }}
{{- $_ := set $s "seals" ((index $.suite $service).seals | default false) }}
{{- $files := include "clientele-common.serverFiles" $s | fromYamlArray }}
{{- if and (not $settings.embedded) (ne $settings.migrations.mode "manual") }}
{{- $files = concat $files (include "clientele-common.migrateFiles" $s | fromYamlArray) }}
{{- end }}
{{- $made := $settings.tls.certManager.enabled | ternary (include "clientele-common.tlsSecret" $s) "" }}
{{- range $files }}
{{- $entries := get $secrets .secret.name | default list }}
{{- range .secret.items }}{{ $entries = append $entries .key }}{{ end }}
{{- if ne .secret.name $made }}{{ $_ := set $secrets .secret.name ($entries | uniq | sortAlpha) }}{{ end }}
{{- end }}
{{- range $settings.image.pullSecrets }}{{ $_ := set $secrets . (list ".dockerconfigjson") }}{{ end }}
{{- end -}}
{{- toJson $secrets -}}
{{- end }}

{{/*
What cannot work between the services of a release, a sentence each that tells what to do:
(dict "suite" <clientele-common.suite> "all" <clientele.settings> "monitors" <whether there are rules or dashboards>).
*/}}
{{- define "clientele.mistakes.services" -}}
{{- if not (or .all .monitors) }}
The release would have nothing in it: set {{ keys .suite | sortAlpha | join ".enabled, " }}.enabled, or one of them, to true.
{{- end }}
{{- end }}

{{- define "clientele.mistakes.peers" -}}
{{- range $service, $settings := .all }}
{{- range $peer := (index $.suite $service).peers }}
{{- if not (get $settings.peers $peer) }}
{{- $theirs := get $.all $peer }}
{{- if not $theirs }}
{{ $service }} calls {{ $peer }}, which {{ $peer }}.enabled: false leaves out: set {{ $service }}.peers.{{ $peer }} to where another one is, or {{ $service }}.enabled: false.
{{- else if $theirs.fullnameOverride }}
{{ $service }} calls {{ $peer }}, which {{ $peer }}.fullnameOverride gives another name: set {{ $service }}.peers.{{ $peer }} to {{ $theirs.fullnameOverride }}:{{ (index $.suite $peer).grpc }}.
{{- end }}
{{- if and $theirs (eq (dig "auth" "mode" "" ($theirs | default dict)) "jwt") (not $settings.auth.token.existingSecret) }}
{{ $service }} calls {{ $peer }}, which knows callers by tokens (auth.mode: jwt): set auth.token.existingSecret to a Secret with a token for {{ $service }}.
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "clientele.mistakes.accounts" -}}
{{- $makers := dict -}}
{{- range $service, $settings := .all }}
{{- $account := $settings.serviceAccount }}
{{- if and $account.create $account.name }}
{{- $_ := set $makers $account.name (append (get $makers $account.name | default list) $service) }}
{{- end }}
{{- end }}
{{- range $name, $services := $makers }}
{{- if gt (len $services) 1 }}
{{ join ", " $services }} would each make the ServiceAccount {{ $name }}: make it yourself and set serviceAccount.create: false, or set no serviceAccount.name under global.
{{- end }}
{{- end }}
{{- end }}

{{/* A server takes no certificate that has the names of several callers. */}}
{{- define "clientele.mistakes.certificates" -}}
{{- range $service, $settings := .all }}
{{- $mode := $settings.auth.mode }}
{{- $shown := dict }}
{{- range $caller, $_ := (index $.suite $service).callers }}
{{- $theirs := get $.all $caller }}
{{- if $theirs }}
{{- $secret := $theirs.tls.existingSecret }}
{{- if and $secret (or (eq $mode "mtls") (and (eq $mode "any") (not $theirs.auth.token.existingSecret))) }}
{{- $_ := set $shown $secret (append (get $shown $secret | default list) $caller) }}
{{- end }}
{{- end }}
{{- end }}
{{- range $secret, $callers := $shown }}
{{- if gt (len $callers) 1 }}
{{ join ", " $callers }} show {{ $service }} one certificate (tls.existingSecret: {{ $secret }}), by which auth.mode: {{ $mode }} cannot tell who calls: give each a Secret of its own ({{ first $callers }}.tls.existingSecret), or set tls.certManager.enabled: true.
{{- end }}
{{- end }}
{{- end }}
{{- end }}
