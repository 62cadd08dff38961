# shellcheck shell=bash
# Helpers that every script here sources. Progress and errors go to standard
# error, so that standard output carries results only.

SCRIPTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PROJECT=$(dirname "$SCRIPTS")
CACHE=${BASELINE_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/baseline-operator}
# shellcheck disable=SC2034  # used by the scripts that source this file
readonly SCRIPTS PROJECT CACHE

[[ -z ${BASELINE_CACHE:-} ]] || export CCACHE_DIR=${CCACHE_DIR:-$BASELINE_CACHE/ccache}

# Exit status that means "skipped: this machine cannot run it", not "failed".
# shellcheck disable=SC2034
readonly CANNOT_RUN_HERE=3

if [[ -t 2 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
  readonly DIM=$'\e[2m' RED=$'\e[31m' GREEN=$'\e[32m' PLAIN=$'\e[0m'
else
  readonly DIM='' RED='' GREEN='' PLAIN=''
fi

# progress TEXT...: a line with the seconds since the script began.
progress() { printf '%s[%3ds]%s %s\n' "$DIM" "$SECONDS" "$PLAIN" "$*" >&2; }

# done_line TEXT...: the closing line of something that went well.
done_line() { printf '%s[%3ds] %s%s\n' "$GREEN" "$SECONDS" "$*" "$PLAIN" >&2; }

# die TEXT...: one sentence, exit status 1 (or $EXIT_STATUS).
die() {
  printf '%serror:%s %s\n' "$RED" "$PLAIN" "$*" >&2
  exit "${EXIT_STATUS:-1}"
}

# skip TEXT...: the machine is unfit for this part; callers go on without it.
skip() { EXIT_STATUS=$CANNOT_RUN_HERE die "$@"; }

# usage_error TEXT...: a mistake in the arguments.
usage_error() { EXIT_STATUS=2 die "$* (see ${0##*/} --help)"; }

# print_help: the comment block at the top of the calling script.
print_help() { sed -n '2,/^[^#]/{/^#/s/^# \{0,1\}//p}' "$0"; }

# need PROGRAM...: every program is on PATH, or a sentence on how to get it.
need() {
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null ||
      die "$program is not on PATH; run scripts/setup, which installs what is needed"
  done
}

# wait_for SECONDS WHAT COMMAND...: until COMMAND succeeds; returns 1 after SECONDS.
wait_for() {
  local limit=$1 what=$2 end
  shift 2
  end=$((SECONDS + limit))
  until "$@" >/dev/null 2>&1; do
    if ((SECONDS >= end)); then
      progress "gave up after ${limit} s: $what"
      return 1
    fi
    sleep 0.2
  done
}

# start_time PID: the process's start in clock ticks since boot; nothing if it is gone.
# With the id it names one process for good: ids are used again, start times are not.
start_time() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  stat=${stat##*) }
  # shellcheck disable=SC2086  # split on purpose
  set -- $stat
  [[ $1 != Z ]] && echo "${20}"
}

# remember_process FILE PID / process_in FILE: a pid file that survives reuse of ids.
remember_process() { echo "$2 $(start_time "$2")" >"$1"; }
process_in() {
  local pid start
  [[ -r $1 ]] && read -r pid start <"$1" || return 1
  [[ -n $start && $(start_time "$pid") == "$start" ]] && echo "$pid"
}

# stop_process FILE [SIGNAL] [SECONDS]: end the process of a pid file and wait for it.
stop_process() {
  local pid end
  if pid=$(process_in "$1"); then
    disown "$pid" 2>/dev/null || true # or the shell would announce its end
    kill -s "${2:-TERM}" "$pid" 2>/dev/null || true
    end=$((SECONDS + ${3:-20}))
    while process_in "$1" >/dev/null; do
      ((SECONDS < end)) || kill -s KILL "$pid" 2>/dev/null || true
      sleep 0.05
    done
  fi
  rm -f "$1"
}
