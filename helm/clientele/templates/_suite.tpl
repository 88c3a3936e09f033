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
What cannot work between the services of a release, a sentence each that tells what to do:
(dict "suite" <clientele-common.suite> "all" <clientele.settings>).
*/}}
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
