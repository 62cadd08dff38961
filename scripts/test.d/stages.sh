# shellcheck shell=bash
# shellcheck disable=SC2034  # scripts/test and run.sh use what is set here
# The stages of scripts/test, cheapest first. A stage says what it needs built;
# each preset is built once in a run.

readonly STAGE_ORDER=(house unit asan tidy tsan integration fuzz e2e)
declare -rA STAGES=(
  [house]="format, shell scripts, rules of the source tree"
  [unit]="release build by g++ and unit tests"
  [asan]="build by clang with address and undefined-behaviour sanitizers, and unit tests"
  [tidy]="clang-tidy over what has changed since all sources were clean (scripts/lint --all reads everything)"
  [tsan]="build with the thread sanitizer, and unit tests of all that has threads"
  [integration]="against real API servers 1.36 and 1.20, under both sanitizer builds"
  [fuzz]="every fuzzer over its seeds, and for some seconds more over inputs made of them"
  [e2e]="a kubeadm cluster of two nodes, scanned for real"
)
# What is slow and is no unit test, by ctest label.
readonly NOT_UNIT='^(house|integration|e2e|fuzz|benchmark)$'
# The rooms with threads: their test programs and what of the integration tests drives them.
readonly TSAN_TARGETS=(kube_test controllers_test operator_test baseline-operator integration_kube integration_operator)

list_stages() {
  local stage
  for stage in "${STAGE_ORDER[@]}"; do printf '%-12s %s\n' "$stage" "${STAGES[$stage]}"; done
}

declare -A BUILT=()
# configured PRESET / built PRESET [TARGET...]: done at most once in a run.
configured() {
  [[ -n ${BUILT[$1-configured]:-} ]] && return "${BUILT[$1-configured]}"
  local status=0
  step "configure $1" cmake --preset "$1" || status=1
  BUILT[$1-configured]=$status
  return "$status"
}
built() {
  local preset=$1 status=0
  shift
  [[ -n ${BUILT[$preset]:-} ]] && return "${BUILT[$preset]}"
  # shellcheck disable=SC2046  # targets hold no spaces
  { configured "$preset" && step "build $preset" ninja -C "build/$preset" -j "$JOBS" -k 0 $(existing "$preset" "$@"); } ||
    status=1
  BUILT[$preset]=$status
  return "$status"
}

# existing PRESET TARGET...: those that this build knows (a room may have no tests yet); all without a list.
existing() {
  local preset=$1 target
  shift
  (($#)) || return 0
  for target in $(ninja -C "build/$preset" -t targets all | sed -n 's/: phony$//p'); do
    [[ " $* " != *" $target "* ]] || echo "$target"
  done
}

# kubernetes: the programs of the versions that the tests run against, once in a run. One that cannot be had is one
# failure, with its reason; the tests that want it then skip themselves by name instead of trying to build it again.
kubernetes() {
  [[ -z ${BUILT[kubernetes]:-} ]] || return 0
  BUILT[kubernetes]=yes
  step "Kubernetes 1.20 from the cache, else built" "$SCRIPTS/kubernetes/build" --version 1.20 || true
  step "Kubernetes 1.36 from the cache, else built" "$SCRIPTS/kubernetes/build" || true
  STAGE_SKIP=''
  export BASELINE_KUBERNETES=have
}

stage_house() {
  configured release && tests "rules of the source tree" release -L '^house$' -j "$JOBS"
}

stage_unit() {
  built release && tests "unit tests" release -LE "$NOT_UNIT" -j "$JOBS"
}

stage_asan() {
  # Under a sanitizer one ctest test is a whole program: the programs say by themselves which cases they hold.
  built asan && GTEST_OUTPUT=xml:$RESULTS/asan-cases/asan/ tests "unit tests" asan -LE "$NOT_UNIT" -j "$JOBS"
}

stage_tidy() {
  built asan && step "clang-tidy" "$SCRIPTS/lint" --build build/asan --jobs "$JOBS"
}

stage_tsan() {
  # Test programs of the other rooms are not built here.
  built tsan "${TSAN_TARGETS[@]}" &&
    GTEST_OUTPUT=xml:$RESULTS/tsan-cases/tsan/ tests "unit tests" tsan -R '^(kube|controllers|operator)_test$' -j "$JOBS"
}

stage_integration() {
  kubernetes
  # One ctest test is a whole program here: the programs say by themselves which cases they hold.
  local cases=xml:$RESULTS/integration-cases
  if built asan; then
    GTEST_OUTPUT=$cases/asan/ tests "with address sanitizer" asan -L '^integration$'
  fi
  if built tsan "${TSAN_TARGETS[@]}"; then
    GTEST_OUTPUT=$cases/tsan/ tests "with thread sanitizer" tsan -L '^threads$'
  fi
}

stage_fuzz() {
  built asan || return
  if ctest --test-dir build/asan -N -L '^fuzz$' | grep -q 'Total Tests: 0'; then
    STAGE_SKIP="this build has no fuzzers"
    return
  fi
  tests "fuzzers" asan -L '^fuzz$' -j "$JOBS"
}

stage_e2e() {
  if [[ ! -x tests/e2e/run ]]; then
    STAGE_SKIP="tests/e2e/run is not there"
    return
  fi
  kubernetes
  step "the three programs" "$SCRIPTS/build" --jobs "$JOBS" || return
  E2E_BEGAN=yes
  cases "end to end on a kubeadm cluster" tests/e2e/run --junit "$RESULTS/e2e-cases.xml"
}
