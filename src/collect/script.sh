#!/usr/bin/env bash
#
# shellcheck disable=SC2016 # $top and $select are Graph's
#
# Exports what entralint can use of a tenant and its subscriptions, completely:
#
#     bash SCRIPT [FOLDER]
#     entralint check FOLDER
#     entralint access FOLDER
#
# Written by `entralint collect`. It needs the Azure CLI (2.37 or later), signed in with `az login`,
# and nothing else. It only reads, and it writes nothing but FOLDER.
#
# No secret is exported: Microsoft Graph never returns the value of one. The folder is sensitive all
# the same, for it tells who can do what in the tenant: keep it out of repositories, and delete it
# when it is no longer needed.
#
# What a step needs stands above it. A step that fails is named on standard error, leaves no file and
# does not keep the others back. Exit codes: 0 everything is there, 1 something is missing, 2 nothing
# could be done. The Azure CLI signs a user in with permissions of its own for Microsoft Graph. Where
# one that a step names is not among them, sign in as an application that was granted it:
# `az login --service-principal`.
#
# Every answer comes as lines, one record a line, as ASCII: `to_string` makes compact JSON of a
# record and `--output tsv` prints it as it is. So pages are joined without a JSON tool beside az,
# names survive any code page, and no link to a next page is left in a file.

set -u
umask 077

#:settings

say() {
    printf '%s\n' "$*" >&2
}

stop() {
    say "$*"
    exit 2
}

case $folder in -*) folder=./$folder ;; esac
command -v az >/dev/null || stop 'The Azure CLI is missing: https://aka.ms/azure-cli'
[ ! -e "$folder" ] || stop "$folder is there already: name another folder, so that no older export is mixed in"
work=$folder/.partial
tab=$(printf '\t')
guid='^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
missing=0
context=-

# One value, or nothing.
value() { # QUERY WORD...
    local query=$1
    shift
    az "$@" --query "$query" --output tsv --only-show-errors </dev/null | tr -d '\r'
}

# The cloud that az is set to: sovereign clouds have endpoints of their own.
endpoint() { # NAME PUBLIC-CLOUD
    local url
    url=$(value "endpoints.$1" cloud show)
    case $url in https://*) ;; *) url=$2 ;; esac
    printf '%s' "${url%/}"
}

# What az answers, in $work/answer. Graph and Azure refuse for a while what is asked too often.
ask() { # QUERY WORD...
    local query=$1 attempt=1
    shift
    while ! az "$@" --query "$query" --output tsv --only-show-errors </dev/null \
        >"$work/raw" 2>"$work/error"; do
        if [ "$attempt" -ge 4 ] ||
            ! grep -Eqi 'too ?many ?requests|service ?unavailable|gateway ?time-?out' "$work/error"; then
            return 1
        fi
        sleep $((attempt * 15))
        attempt=$((attempt + 1))
    done
    tr -d '\r' <"$work/raw" >"$work/answer"
}

# The records of every page from a URL on, behind those in $work/records: key, tab, JSON.
pages() { # URL [KEY] [TYPE]
    local url=$1 key=${2:-"'-'"} record=@ link page
    # Where Graph does not tell the type of a record, it is written into it.
    [ -z "${3:-}" ] || record="merge({\"@odata.type\": '$3'}, @)"
    while [ "$url" != - ]; do
        ask "[[[\"@odata.nextLink\" || nextLink || '-', \"@odata.context\" || '-']], value[].[$key, to_string($record)]][]" \
            rest --method get --url "$url" || return 1
        IFS=$tab read -r link page <"$work/answer" || return 1
        [ "$link" != "$url" ] || return 1
        [ "$context" != - ] || context=$page
        sed 1d "$work/answer" >>"$work/records"
        url=$link
    done
}

# $work/document under its name: until then there is no file, so there is never half of one.
place() { # FILE
    mkdir -p "$(dirname "$folder/$1")" && mv -f "$work/document" "$folder/$1"
}

# The records as one page.
finish() { # FILE
    case $context in - | *[\"\\]*) printf '{"value": [\n' ;; *) printf '{"@odata.context": "%s",\n"value": [\n' "$context" ;; esac >"$work/document" &&
        cut -f 2- "$work/records" | sed '$!s/$/,/' >>"$work/document" &&
        printf ']}\n' >>"$work/document" &&
        place "$1"
}

lacks() { # FILE NEEDS
    missing=$((missing + 1))
    say "missing: $1 (needs: $2)"
    [ ! -s "$work/error" ] || sed -n '1,3p' "$work/error" | cut -c 1-400 | sed 's/^/    /' >&2
}

begin() { # FILE
    say "$1"
    context=-
    : >"$work/records"
    : >"$work/error"
}

# The keys of the records that are GUIDs, for the steps that ask for each; in lower case, because
# some services write them in capitals.
keep() { # IDS
    cut -f 1 "$work/records" | tr 'A-F' 'a-f' | grep -E "$guid" >>"$work/ids.$1"
    return 0
}

# A collection of Microsoft Graph or of Azure Resource Manager.
list() { # FILE NEEDS URL [KEY IDS] [TYPE]
    begin "$1"
    if pages "$3" "${4:-}" "${6:-}" && finish "$1"; then
        [ -z "${5:-}" ] || keep "$5"
    else
        lacks "$1" "$2"
    fi
}

# One object of Microsoft Graph.
object() { # FILE NEEDS URL
    begin "$1"
    if ask "[['-', to_string(@)]]" rest --method get --url "$3" &&
        cut -f 2- "$work/answer" >"$work/document" && [ -s "$work/document" ] && place "$1"; then
        return
    fi
    lacks "$1" "$2"
}

# A command of az that prints a list.
command_list() { # FILE NEEDS KEY IDS WORD...
    local file=$1 needs=$2 key=${3:-"'-'"} ids=$4
    shift 4
    begin "$file"
    if ask "[].[$key, to_string(@)]" "$@" && mv -f "$work/answer" "$work/records" && finish "$file"; then
        [ -z "$ids" ] || keep "$ids"
    else
        lacks "$file" "$needs"
    fi
}

# What was got for one id: a file of its own, or a part of the one file.
stow() { # FILE ID
    case $1 in
    *'{id}'*) finish "${1//\{id\}/$2}" ;;
    *) cat "$work/records" >>"$work/joined" ;;
    esac && printf '%s\n' "$2" >>"$work/done"
}

# A collection of Microsoft Graph for each id, {id} in PATH: each into a file of its own, {id} in
# FILE, or all of them into one, the set SET. Twenty go into one request
# (Microsoft Learn, "Combine multiple requests in one HTTP call using JSON batching"): a tenant has
# thousands of service principals, and az takes about a second to start. What a batch does not
# answer is asked for alone; an object that was deleted meanwhile is none.
each() { # IDS FILE NEEDS PATH [SET]
    local ids=$1 file=$2 needs=$3 version=${4%%/*} path=${4#*/}
    local batch requests id status link page rows failures=0 enough=3
    # What goes into one file is lost with its first part.
    [ -z "${5:-}" ] || enough=1
    begin "$file"
    if [ ! -e "$work/ids.$ids" ]; then
        lacks "$file" "the list of $ids"
        return
    fi
    rm -f "$work"/batch.*
    : >"$work/joined"
    sort -u "$work/ids.$ids" | split -a 4 -l 20 - "$work/batch."
    for batch in "$work"/batch.*; do
        [ -s "$batch" ] || continue
        : >"$work/done"
        requests=
        while IFS= read -r id; do
            requests="$requests,{\"id\":\"$id\",\"method\":\"GET\",\"url\":\"/${path//\{id\}/$id}\"}"
        done <"$batch"
        printf '{"requests":[%s]}' "${requests#,}" >"$work/body"
        if ask "responses[].[id, to_string(status), body.\"@odata.nextLink\" || '-', body.\"@odata.context\" || '-', to_string(body.value)]" \
            rest --method post --url "$graph/$version/\$batch" --body "@$work/body"; then
            mv -f "$work/answer" "$work/answers"
            while IFS=$tab read -r id status link page rows; do
                [ "$status" = 200 ] || continue
                grep -Fqx -e "$id" "$batch" || continue
                rows=${rows#\[}
                rows=${rows%\]}
                context=$page
                [ -z "$rows" ] || rows=-$tab$rows$'\n'
                printf '%s' "$rows" >"$work/records"
                pages "$link" && stow "$file" "$id"
            done <"$work/answers"
        fi
        while IFS= read -r id; do
            ! grep -Fqx -e "$id" "$work/done" || continue
            context=-
            : >"$work/records"
            if pages "$graph/$version/${path//\{id\}/$id}"; then
                stow "$file" "$id" || failures=$((failures + 1))
            elif ! grep -q 'ResourceNotFound' "$work/error"; then
                failures=$((failures + 1))
            fi
            # Without the permission they would all fail, one after another.
            [ "$failures" -lt "$enough" ] || break 2
        done <"$batch"
    done
    if [ "$failures" -eq 0 ] && [ -n "${5:-}" ]; then
        context="$graph/$version/\$metadata#$5"
        mv -f "$work/joined" "$work/records"
        finish "$file" || failures=1
    fi
    [ "$failures" -eq 0 ] || lacks "$file" "$needs"
}

tenant=$(value tenantId account show | tr 'A-F' 'a-f')
[ -n "$tenant" ] || stop 'Sign in first: az login'
[ "${wanted:-$tenant}" = "$tenant" ] || stop "Sign in to the tenant first: az login --tenant $wanted"

mkdir -p "$work" || stop "$folder cannot be written"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

graph=$(endpoint microsoftGraphResourceId https://graph.microsoft.com)
arm=$(endpoint resourceManager https://management.azure.com)
if [ -z "$subscriptions" ]; then
    # All that are enabled, of this tenant alone. A tenant without any is listed under its own id.
    subscriptions=$(value "[?tenantId=='$tenant' && id!=tenantId].id" account list | tr 'A-F' 'a-f')
fi
printf '%s\n' "$subscriptions" | grep -E "$guid" | sort -u >"$work/ids.subscriptions"
[ -s "$work/ids.subscriptions" ] || {
    : >"$work/error"
    lacks 'everything of Azure' 'Reader on a subscription of this tenant'
}
: >"$work/ids.groups"

#:steps

if [ "$missing" -gt 0 ]; then
    say "$folder holds what could be read; $missing of the exports above are missing"
    exit 1
fi
say "$folder is complete: entralint check $folder"
