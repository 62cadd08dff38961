# shellcheck shell=bash
# Finds a Go that can build the modules of this folder; to be sourced after lib.sh.

# The newest release that the modules here ask for in their "go" line.
readonly GO_WANTED=1.26.0

# find_go: prints the path of a go command.
#
# From Go 1.21 on the command fetches the toolchain that a module asks for by
# itself. An older one can be used to fetch it as the module it is published as.
find_go() {
  local go version minor
  need go
  go=$(command -v go)
  version=$("$go" env GOVERSION)
  minor=${version#go1.}
  minor=${minor%%[.r]*}
  if ((minor >= 26)) || { ((minor >= 21)) && [[ $("$go" env GOTOOLCHAIN) != local ]]; }; then
    echo "$go"
    return
  fi
  fetch_toolchain "$go"
}

# fetch_toolchain GO: the module golang.org/toolchain, checked against Go's
# checksum database like every other module. Module zips carry no execute bits.
fetch_toolchain() {
  local go=$1 folder module scratch
  module=golang.org/toolchain@v0.0.1-go$GO_WANTED.linux-$("$go" env GOARCH)
  folder=$CACHE/go/$GO_WANTED
  if [[ ! -x $folder/bin/go ]]; then
    progress "fetching Go $GO_WANTED ($("$go" env GOVERSION) on PATH is too old)"
    scratch=$(mktemp -d)
    printf 'module fetch\n' >"$scratch/go.mod"
    (cd "$scratch" && GOFLAGS=-mod=mod "$go" mod download -json "$module") >"$scratch/answer" ||
      die "Go $GO_WANTED could not be fetched: $(cat "$scratch/answer")"
    mkdir -p "$CACHE/go"
    rm -rf "$folder.new"
    cp -r "$(sed -n 's/^[[:space:]]*"Dir": "\(.*\)",$/\1/p' "$scratch/answer")" "$folder.new"
    chmod -R u+w "$folder.new"
    find "$folder.new/bin" "$folder.new/pkg/tool" -type f -exec chmod a+x {} +
    rm -rf "$folder" "$scratch"
    mv "$folder.new" "$folder"
  fi
  echo "$folder/bin/go"
}
