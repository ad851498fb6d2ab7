# shellcheck shell=bash
# Sourced by orchestra-agent: what is to run, as its arguments say or the daemon does. It is left in orc_program, and
# what a restart runs in orc_resumed; what may be chosen is in the variables that orchestra-agent has set before.
# shellcheck disable=SC2034,SC2154 # they are its variables

parse_arguments() {
    while [[ $# -gt 0 && $1 != -- ]]; do
        case $1 in
            --task)
                orc_mode=task
                shift
                continue
                ;;
            --output | --restarts | --window | --stdin-file | --words-file | --separator | --python)
                [[ $# -ge 2 ]] || refuse "$ORC_EX_USAGE" "$1 needs a value"
                ;;
            *) refuse "$ORC_EX_USAGE" "unknown argument '$1'; the program comes after --" ;;
        esac
        case $1 in
            --output) orc_output=$2 ;;
            --restarts) orc_max_restarts=$2 ;;
            --window) orc_window_s=$2 ;;
            --stdin-file) orc_stdin_file=$2 ;;
            --words-file) orc_words_file=$2 ;;
            --separator) orc_separator=$2 ;;
            --python) orc_python=$2 ;;
        esac
        shift 2
    done
    if [[ -n $orc_words_file ]]; then
        check_arguments
        read_words
        return
    fi
    [[ $# -ge 2 ]] || refuse "$ORC_EX_USAGE" \
        'no program; usage: orchestra-agent [OPTION...] -- PROGRAM ARG... [-- PROGRAM ARG...]'
    shift
    check_arguments
    split_commands "$@"
}

check_arguments() {
    case $orc_output in
        plain | stream-json | stream-jsonrpc | codex-json) ;;
        *) refuse "$ORC_EX_USAGE" "unknown --output '$orc_output'" ;;
    esac
    [[ $orc_max_restarts =~ ^[0-9]{1,4}$ ]] || refuse "$ORC_EX_USAGE" '--restarts takes a number'
    [[ $orc_window_s =~ ^[0-9]{1,6}$ ]] || refuse "$ORC_EX_USAGE" '--window takes a number of seconds'
    if [[ $orc_mode == interactive ]] &&
        [[ $orc_output != plain || $orc_stdin_file != /dev/null || -n $orc_words_file ]]; then
        refuse "$ORC_EX_USAGE" '--output, --stdin-file and --words-file are for --task'
    fi
    [[ -r $orc_stdin_file ]] || refuse "$ORC_EX_USAGE" "cannot read '$orc_stdin_file'"
}

# The words of the command, each with a zero byte behind it: more than tmux takes on its own command line.
read_words() {
    local word
    [[ -r $orc_words_file ]] || refuse "$ORC_EX_USAGE" "cannot read '$orc_words_file'"
    while IFS= read -r -d '' word; do orc_program+=("$word"); done <"$orc_words_file"
    [[ ${#orc_program[@]} -gt 0 ]] || refuse "$ORC_EX_USAGE" "no program in '$orc_words_file'"
    orc_resumed=("${orc_program[@]}")
}

# PROGRAM ARG... up to the separator, then what a restart runs instead. A task is not restarted: all words are its own.
split_commands() {
    [[ $orc_mode == interactive ]] || orc_separator=''
    while [[ $# -gt 0 && ($1 != "$orc_separator" || -z $orc_separator) ]]; do
        orc_program+=("$1")
        shift
    done
    [[ ${#orc_program[@]} -gt 0 ]] || refuse "$ORC_EX_USAGE" 'no program before the separator'
    if [[ $# -gt 1 ]]; then
        orc_resumed=("${@:2}")
    else
        orc_resumed=("${orc_program[@]}")
    fi
}

# What people call it by; else where `nox -s serve` of the clone that this file is in has put it.
orchestra_program() {
    local one
    for one in "${ORCHESTRA_PROGRAM:-orchestra}" "$orc_here/../.nox/serve/bin/orchestra"; do
        if command -v "$one" >/dev/null; then
            printf '%s' "$one"
            return
        fi
    done
    say "there is no program ${ORCHESTRA_PROGRAM:-orchestra} on the PATH; ORCHESTRA_PROGRAM may name it"
    return 1
}

# A person started it in a terminal of their own: the daemon is asked for what it would have given.
join() {
    local anyway='' orchestra assignments
    if [[ $1 == --anyway ]]; then
        anyway=1
        shift
    fi
    [[ $# -ge 1 ]] || refuse "$ORC_EX_USAGE" 'name a profile'
    if orchestra=$(orchestra_program) && assignments=$("$orchestra" join "$1" --shell -- "${@:2}"); then
        local COMMAND=() RESUME=() RESTARTS=$orc_max_restarts WINDOW_S=$orc_window_s
        eval "$assignments"
        orc_program=("${COMMAND[@]+"${COMMAND[@]}"}")
        if [[ ${#orc_program[@]} -gt 0 && -n ${ORCHESTRA_RUN:-} ]]; then
            orc_max_restarts=$RESTARTS orc_window_s=$WINDOW_S
            orc_resumed=("${RESUME[@]+"${RESUME[@]}"}")
            [[ ${#orc_resumed[@]} -gt 0 ]] || orc_resumed=("${orc_program[@]}")
            return
        fi
        say "orchestra gave no command for '$1'"
    fi
    [[ -n $anyway ]] || refuse "$ORC_EX_UNAVAILABLE" "'$1' was not started; --anyway starts it without Orchestra"
    say "starting '$1' without Orchestra"
    exec "$@"
}
