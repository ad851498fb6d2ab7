# shellcheck shell=bash
# Sourced by orchestra-agent and orchestra-hook: reports go to the spool of the run folder, and then the daemon is told to
# look. What cannot be delivered stays in the spool, and the daemon finds it there: no failure here is one of the agent.
#
#   report KIND DATA                 writes one report, DATA being JSON, and pokes the daemon
#   write_report KIND DATA           only writes it
#   poke                             only pokes
#   json_string TEXT                 leaves TEXT as a JSON string in ORC_REPLY
#   call_daemon METHOD PATH [FILE]   leaves the answer in ORC_CALL_STATUS (000: none) and ORC_CALL_BODY
#
# Variables that stay begin with ORC_, so that none of a person's is changed.
#
# ORC_CALL_CONNECT_S and ORC_CALL_MAX_S bound a call in seconds; whoever sources this may change them.
ORC_CALL_CONNECT_S=1
ORC_CALL_MAX_S=3
ORC_CALL_MAX_BYTES=1048576
ORC_CALL_STATUS=000
ORC_CALL_BODY=''
ORC_CALL_PID=''

# Numbers of bytes in, as od prints them; JSON in pure ASCII out, which no locale can spoil. What is not UTF-8 becomes
# U+FFFD, one for each part that could not be continued (Unicode 15, section 3.9, as Python and browsers do). With quote=0
# ASCII stays as it is: that mends the bytes of a JSON document.
# shellcheck disable=SC2016
readonly ORC_ASCII_JSON='
function put(point) {
    if (point < 65536) { printf "\\u%04x", point; return }
    point -= 65536
    printf "\\u%04x\\u%04x", 55296 + int(point / 1024), 56320 + point % 1024
}
function begin(count, bits, first, last) { missing = count; point = bits; low = first; high = last }
{
    for (place = 1; place <= NF; place++) {
        byte = $place + 0
        if (missing > 0) {
            if (byte >= low && byte <= high) {
                point = point * 64 + byte - 128; low = 128; high = 191
                if (--missing == 0) put(point)
                continue
            }
            missing = 0; put(65533)
        }
        if (byte < 128) {
            if (quote && (byte == 34 || byte == 92)) printf "\\%c", byte
            else if (quote && (byte < 32 || byte == 127)) put(byte)
            else printf "%c", byte
        }
        else if (byte >= 194 && byte <= 223) begin(1, byte - 192, 128, 191)
        else if (byte >= 224 && byte <= 239) begin(2, byte - 224, byte == 224 ? 160 : 128, byte == 237 ? 159 : 191)
        else if (byte >= 240 && byte <= 244) begin(3, byte - 240, byte == 240 ? 144 : 128, byte == 244 ? 143 : 191)
        else put(65533)
    }
}
END { if (missing > 0) put(65533) }'

ascii_json() {
    od -An -v -tu1 | LC_ALL=C awk -v quote="$1" "$ORC_ASCII_JSON"
}

json_string() {
    local LC_ALL=C
    if [[ $1 =~ ^[A-Za-z0-9_.:/@%+=,\ -]*$ ]]; then
        ORC_REPLY="\"$1\""
    else
        ORC_REPLY="\"$(printf '%s' "$1" | ascii_json 1)\""
    fi
}

# Random hexadecimal digits, eight times as many as asked for, in ORC_REPLY.
random_digits() {
    local round
    ORC_REPLY=''
    if [[ -n ${SRANDOM:-} ]]; then
        for ((round = 0; round < $1; round++)); do
            printf -v ORC_REPLY '%s%08x' "$ORC_REPLY" "$SRANDOM"
        done
    else
        ORC_REPLY=$(od -An -v -tx1 -N "$((4 * $1))" /dev/urandom | tr -d ' \n')
    fi
}

# Microseconds of wall clock in ORC_REPLY.
wall_clock_us() {
    ORC_REPLY=${EPOCHREALTIME:-}
    ORC_REPLY=${ORC_REPLY/[.,]/}
    if [[ -z $ORC_REPLY ]]; then
        ORC_REPLY=$(date +%s%N)
        if [[ $ORC_REPLY == *N ]]; then ORC_REPLY=${ORC_REPLY%N}000000; else ORC_REPLY=${ORC_REPLY%???}; fi
    fi
}

# In a process of its own, so that neither the mask nor a name leaks into whoever reports.
write_report() (
    umask 077
    LC_ALL=C
    spool=$ORCHESTRA_RUN/spool
    # Only the spool: the run folder is the daemon's, and gone with the agent.
    [[ -d $spool ]] || mkdir "$spool"
    wall_clock_us
    now_us=$ORC_REPLY
    random_digits 2
    printf -v name '%019d-%s.json' "$((now_us * 1000))" "$ORC_REPLY"
    json_string "${ORCHESTRA_TOKEN:-}"
    # On a full disk nothing is left rather than a part.
    printf '{"token":%s,"kind":"%s","unix_ms":%d,"data":%s}\n' \
        "$ORC_REPLY" "$1" "$((now_us / 1000))" "$2" >"$spool/.$name" && mv -f "$spool/.$name" "$spool/$name" && exit
    rm -f "$spool/.$name"
    exit 1
) 2>/dev/null

poke() {
    call_daemon POST "/api/agents/${ORCHESTRA_AGENT_ID:-}/reports" || true
}

report() {
    write_report "$1" "$2" || true
    poke
}

# Where the daemon is, in ORC_REPLY: daemon.json is newer than the environment. On a port that the daemon has left somebody
# else may listen, and would be shown the token: while its process is gone nobody is asked.
daemon_url() {
    local written=''
    ORC_REPLY=${ORCHESTRA_URL:-}
    { IFS= read -r -d '' written <"$ORCHESTRA_RUN/../../daemon.json" || true; } 2>/dev/null
    if [[ $written =~ \"url\"[[:space:]]*:[[:space:]]*\"([^\"\\]+)\" ]]; then ORC_REPLY=${BASH_REMATCH[1]}; fi
    if [[ $written =~ \"pid\"[[:space:]]*:[[:space:]]*([0-9]{1,10}) ]] && ! kill -0 "${BASH_REMATCH[1]}" 2>/dev/null; then
        ORC_REPLY=''
    fi
}

call_daemon() {
    local first other
    ORC_CALL_STATUS=000 ORC_CALL_BODY=''
    daemon_url
    first=$ORC_REPLY
    call_url "$first" "$@"
    if [[ $ORC_CALL_STATUS == 000 ]]; then
        daemon_url
        other=$ORC_REPLY
        [[ $other != "$first" || -z $other ]] || other=${ORCHESTRA_URL:-}
        [[ $other == "$first" ]] || call_url "$other" "$@"
    fi
    [[ $ORC_CALL_STATUS == 2?? ]]
}

# The one place that uses the network. Everything that names the token goes through a pipe: arguments are public. Both ends of
# the pipe are children of this shell, which takes note of their end, and curl has the place of its own, so that whoever is
# ended while it waits can end it too. Descriptors 7 and 8 must be free.
call_url() {
    local url=$1 method=$2 path=$3 body=${4:-} answer='' settings
    [[ $url$path =~ ^https?://[^[:space:]\"\\]+$ && ${ORCHESTRA_TOKEN:-} =~ ^[A-Za-z0-9_.~+/=-]*$ ]] || return 0
    type -P curl >/dev/null || return 0
    settings=(silent 'noproxy = "*"' "url = \"$url$path\"" "request = \"$method\"" 'write-out = "\n%{http_code}"'
        "header = \"Authorization: Bearer ${ORCHESTRA_TOKEN:-}\"" "max-filesize = $ORC_CALL_MAX_BYTES"
        "connect-timeout = $ORC_CALL_CONNECT_S" "max-time = $ORC_CALL_MAX_S")
    if [[ -n $body ]]; then
        settings+=('header = "Content-Type: application/json"' "data-binary = \"@$body\"")
    elif [[ $method == POST ]]; then
        settings+=('header = "Content-Type:"' 'data = ""')
    fi
    exec 8< <(printf '%s\n' "${settings[@]}")
    exec 7< <(exec curl -q --config - <&8 8<&- 2>/dev/null)
    ORC_CALL_PID=$!
    exec 8<&-
    IFS= read -r -d '' answer <&7 || true
    exec 7<&-
    wait "$ORC_CALL_PID" 2>/dev/null || true
    ORC_CALL_PID=''
    # shellcheck disable=SC2034 # for whoever sources this
    ORC_CALL_STATUS=${answer##*$'\n'} ORC_CALL_BODY=${answer%$'\n'*}
    [[ $ORC_CALL_STATUS =~ ^[0-9]{3}$ ]] || ORC_CALL_STATUS=000
}
