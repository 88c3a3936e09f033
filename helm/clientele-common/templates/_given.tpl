{{/* What is wrong with where values were given, and which of them would do nothing; see _check.tpl. */}}

{{/* The names of values that are not the defaults, a line each: (dict "values" … "defaults" … "prefix" "redis."). */}}
{{- define "clientele-common.given" -}}
{{- range $key, $value := .values }}
{{- $default := index $.defaults $key }}
{{- $name := print $.prefix $key }}
{{- if and (kindIs "map" $value) (kindIs "map" $default) }}
{{- include "clientele-common.given" (dict "values" $value "defaults" $default "prefix" (print $name ".")) }}
{{- else if ne (toJson $value) (toJson $default) }}
{{ $name }}
{{- end }}
{{- end }}
{{- end }}

{{/* The names of what a chart was given under the library's name, as JSON. */}}
{{- define "clientele-common.misplaced" -}}
{{- $defaults := include "clientele-common.defaults" . | fromJson -}}
{{- $values := omit (index .Values "clientele-common") "global" -}}
{{- include "clientele-common.given" (dict "values" $values "defaults" $defaults "prefix" "")
    | trim | splitList "\n" | compact | toJson -}}
{{- end }}

{{- define "clientele-common.mistakes.library" -}}
{{- with .misplaced }}
clientele-common is a library and takes no values: remove clientele-common.{{ join ", clientele-common." . }}, and give {{ join ", " . }} under global or a service's name, to the chart of a service at its top.{{ if $.Release.IsUpgrade }} Where you gave no such value, helm upgrade --reuse-values has kept a default of the release before: use --reset-then-reuse-values.{{ end }}
{{- end }}
{{- end }}

{{/* Each service has an image of its own, so that what names one image is no setting of all. */}}
{{- define "clientele-common.mistakes.image" -}}
{{- $own := ternary "" (print .service ".") .Chart.IsRoot -}}
{{- with .global }}{{ with .image }}
{{- range $key := list "repository" "digest" }}
{{- with get $.global.image $key }}
global.image.{{ $key }} would be one image for every service: set {{ $own }}image.{{ $key }} instead, and likewise of each other service (registry and tag may be global).
{{- end }}
{{- end }}
{{- end }}{{ end }}
{{- end }}

{{- define "clientele-common.mistakes.claim" -}}
{{- $own := ternary "" (print .service ".") .Chart.IsRoot -}}
{{- if dig "persistence" "existingClaim" "" (.global | default dict) }}
global.persistence.existingClaim would be one volume for every service: set {{ $own }}persistence.existingClaim instead, and likewise of each other service.
{{- end }}
{{- end }}

{{/* Of settings that nothing reads as the others are. Where a service alone leaves out what global has, they are the others'. */}}
{{- define "clientele-common.mistakes.idle" -}}
{{- $v := .Values -}}
{{- $given := dict -}}
{{- range $section := list "database" "redis" "auth" }}
{{- $names := include "clientele-common.given"
    (dict "values" (get $v $section) "defaults" (get $.defaults $section) "prefix" (print $section ".")) }}
{{- $_ := set $given $section ($names | trim | splitList "\n" | compact) }}
{{- end }}
{{- if $v.embedded }}
{{- with concat $given.database $given.redis }}
embedded: true uses neither PostgreSQL nor Redis, so nothing reads {{ join ", " . }}: set embedded: false to use them, or remove them.
{{- end }}
{{- else if and $given.redis (not $v.redis.addresses) (not (dig "redis" "addresses" false (.global | default dict))) }}
Without redis.addresses nothing reads {{ join ", " $given.redis }}: set redis.addresses to where Redis is, or remove them.
{{- end }}
{{- $tls := list }}
{{- range $given.redis }}{{ if hasPrefix "redis.tls." . }}{{ $tls = append $tls . }}{{ end }}{{ end }}
{{- if and $tls (not $v.embedded) $v.redis.addresses (not $v.redis.tls.enabled) (not (dig "redis" "tls" "enabled" false (.global | default dict))) }}
Calls to Redis would go in clear text, since {{ join ", " $tls }} is read only with TLS: set redis.tls.enabled: true, or remove it.
{{- end }}
{{- if and (eq $v.auth.mode "none") (has (dig "auth" "mode" "none" (.global | default dict)) (list "none" "")) }}
{{- $idle := list }}
{{- range $given.auth }}{{ if not (hasPrefix "auth.token." .) }}{{ $idle = append $idle . }}{{ end }}{{ end }}
{{- with $idle }}
auth.mode: none asks nobody who they are, so {{ join ", " . }} would restrict nothing: set auth.mode to mtls, jwt or any, or remove them.
{{- end }}
{{- end }}
{{- end }}

{{/* A quantity of Kubernetes (1.5Gi, 250m) as a number. */}}
{{- define "clientele-common.quantity" -}}
{{- $text := toString . -}}
{{- $unit := regexFind "[A-Za-z]+$" $text -}}
{{- $sizes := dict "m" 0.001 "" 1 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "P" 1e15 "E" 1e18 "Ki" 1024 "Mi" 1048576
    "Gi" 1073741824 "Ti" 1099511627776 "Pi" 1125899906842624 "Ei" 1152921504606846976 -}}
{{- mulf (trimSuffix $unit $text) (get $sizes $unit) -}}
{{- end }}

{{- define "clientele-common.mistakes.resources" -}}
{{- $limits := .Values.resources.limits | default dict -}}
{{- range $name, $request := .Values.resources.requests }}
{{- $limit := index $limits $name }}
{{- if not (or (kindIs "invalid" $limit) (kindIs "invalid" $request)) }}
{{- if gt (include "clientele-common.quantity" $request | float64) (include "clientele-common.quantity" $limit | float64) }}
resources.requests.{{ $name }}: {{ $request }} is above resources.limits.{{ $name }}: {{ $limit }}, which no pod can have: set the limit to {{ $request }} or more, or the request to {{ $limit }} or less.
{{- end }}
{{- end }}
{{- end }}
{{- end }}
