# shellcheck shell=bash
# shellcheck disable=SC2034,SC2153  # stages.sh uses what is set here, and the other way round
# How scripts/test runs commands and stages, and what it remembers of them.

RESULTS=$PROJECT/build/test-results
readonly RESULTS
readonly JOBS=${BASELINE_JOBS:-$(nproc)}

STAGE=''        # the one that runs now
CHILD=''        # its command's process group, while one runs
SCRATCH=''      # folder of this run's temporary files, control planes among them
SUMMARY=()      # a line for each stage
STAGE_FAULTS=() # what went wrong in the present stage
STAGE_SKIP=''   # why the present stage was skipped
E2E_BEGAN=''    # set once there may be a cluster

begin_run() {
  rm -rf "$RESULTS"
  mkdir -p "$RESULTS"
  SCRATCH=$(mktemp -d "${TMPDIR:-/tmp}/baseline-test.XXXXXX")
  export BASELINE_TEST_TMP=$SCRATCH
  trap leave_nothing EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
}

# leave_nothing: the command under way with all it started, every control plane, every temporary file.
leave_nothing() {
  local port
  trap '' INT TERM HUP
  if [[ -n $CHILD ]]; then
    kill -TERM -- "-$CHILD" 2>/dev/null || true
    wait_for 20 "the stage to end" no_process_in_group "$CHILD" || kill -KILL -- "-$CHILD" 2>/dev/null || true
  fi
  while IFS= read -r port; do
    "$SCRIPTS/control-plane" stop --dir "$(dirname "$port")" || true
  done < <(find "$SCRATCH" -maxdepth 3 -name port -type f 2>/dev/null)
  [[ -z $E2E_BEGAN ]] || "$SCRIPTS/cluster" --name e2e down || true
  rm -rf "$SCRATCH"
}

no_process_in_group() { ! kill -0 -- "-$1" 2>/dev/null; }

# run WHAT COMMAND...: with its output in the stage's log; says when it began, that it still runs, how it ended.
run() {
  local what=$1 log=$RESULTS/$STAGE.log began=$SECONDS told=$SECONDS status=0
  shift
  progress "$STAGE: $what"
  printf '\n== %s: %s\n' "$what" "$*" >>"$log"
  setsid "$@" </dev/null >>"$log" 2>&1 &
  CHILD=$!
  while kill -0 "$CHILD" 2>/dev/null; do
    sleep 0.2
    if ((SECONDS - told >= 60)); then
      told=$SECONDS
      progress "$STAGE: $what, since $((SECONDS - began)) s: $(tail -n 1 "$log" | cut -c 1-100)"
    fi
  done
  wait "$CHILD" || status=$?
  CHILD=''
  return "$status"
}

# fault TEXT...: the present stage has failed; shows the end of its log.
fault() {
  STAGE_FAULTS+=("$*")
  printf '%s%s: %s%s; the end of %s:\n' "$RED" "$STAGE" "$*" "$PLAIN" "$RESULTS/$STAGE.log" >&2
  tail -n "${FAULT_LINES:-40}" "$RESULTS/$STAGE.log" | sed 's/^/    /' >&2
}

# step WHAT COMMAND...: a command that must succeed; counts as one test. Exit status 3 means: cannot run here.
step() {
  local status=0
  run "$@" || status=$?
  outcome "$status" "$1"
  return "$status"
}

# outcome STATUS WHAT: notes how something that counts as one test ended.
outcome() {
  case $1 in
    0) record passed "$2" ;;
    "$CANNOT_RUN_HERE")
      STAGE_SKIP=$(sed -n 's/^.*error: *//p' "$RESULTS/$STAGE.log" | tail -n 1)
      record skipped "$2" ;;
    *)
      record failed "$2"
      fault "$2 failed with exit status $1" ;;
  esac
}

# cases WHAT COMMAND...: a command that writes $RESULTS/$STAGE-cases.xml, which says what passed. Exit status 3 means:
# cannot run here.
cases() {
  local status=0
  run "$@" || status=$?
  if ((status == CANNOT_RUN_HERE)) || [[ ! -s $RESULTS/$STAGE-cases.xml ]]; then
    outcome "$status" "$1"
  elif ((status)); then
    FAULT_LINES=80 fault "$1: some cases failed"
  fi
  return "$status"
}

# record passed|failed|skipped NAME: a check that is no ctest test.
record() { printf '%s\t%s\n' "$1" "$2" >>"$RESULTS/$STAGE.steps"; }

# tests WHAT PRESET ARGUMENTS...: ctest in a build; its own closing lines are shown.
tests() {
  local what=$1 preset=$2 status=0 junit=$RESULTS/$STAGE-$2.xml
  shift 2
  run "$what" ctest --test-dir "build/$preset" --output-on-failure --no-tests=error --output-junit "$junit" "$@" ||
    status=$?
  awk '/^[0-9]+% tests passed/ { from = NR } { line[NR] = $0 }
       END { for (i = from; from && i <= NR; i++) if (line[i] != "") print "    " line[i] }' "$RESULTS/$STAGE.log" >&2
  if ((status)); then
    [[ -e $junit ]] || record failed "$what"
    FAULT_LINES=80 fault "$what: ctest failed"
  fi
  return "$status"
}

run_stage() {
  local began=$SECONDS
  STAGE=$1 STAGE_FAULTS=() STAGE_SKIP=''
  : >"$RESULTS/$STAGE.log"
  progress "stage $STAGE: ${STAGES[$STAGE]}"
  local word=passed status=0
  "stage_$STAGE" || status=$?
  if ((${#STAGE_FAULTS[@]})); then
    word=FAILED
  elif [[ -n $STAGE_SKIP ]]; then
    word=skipped
  elif ((status)); then
    # What it needs was built for an earlier stage, which told that fault.
    word='not run' STAGE_SKIP="what it needs did not build"
  fi
  SUMMARY+=("$(printf '%-12s %-8s %5d s  %s' "$STAGE" "$word" $((SECONDS - began)) "${STAGE_SKIP:-${STAGE_FAULTS[*]:-}}")")
  progress "stage $STAGE: $word"
}

# end_run: the table of stages, then the one line that counts.
end_run() {
  printf '\n%-12s %-8s %7s\n' stage result time
  printf '%s\n' "${SUMMARY[@]}"
  printf 'in all %d s\n\n' "$SECONDS"
  python3 "$SCRIPTS/test.d/results.py" "$RESULTS"
}
