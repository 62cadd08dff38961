# shellcheck shell=bash
# What the API server of Kubernetes 1.20 needs to build from its module with a
# current Go; sourced by ../build.

# oldest_flags GO MODULE WORK: adds to the array `flags`.
#
# The published module lacks one generated file, the OpenAPI definitions of the
# built-in kinds. The generator of the time makes it from the types' sources; it
# is added to a copy of the module, and the copy is built.
oldest_flags() {
  local go=$1 module=$2 work=$3 source target=pkg/generated/openapi/zz_generated.openapi.go packages
  progress "generating the OpenAPI definitions of Kubernetes 1.20"
  compile "$module" "$work/openapi-gen" k8s.io/kube-openapi/cmd/openapi-gen ||
    die "openapi-gen did not build; the compiler's messages are above"
  packages=$(cd "$module" && "$go" list -mod=mod -f '{{.ImportPath}} {{.Dir}}' \
    k8s.io/api/... k8s.io/apimachinery/pkg/... k8s.io/apiserver/pkg/apis/audit/... \
    k8s.io/apiextensions-apiserver/pkg/apis/... k8s.io/kube-aggregator/pkg/apis/... |
    while read -r package folder; do
      if grep -qs '+k8s:openapi-gen=true' "$folder"/*.go; then echo "$package"; fi
    done | paste -sd, -)
  mkdir "$work/generated"
  : >"$work/generated/header"
  # gotypesalias: the generator knows nothing of type aliases as nodes of their own.
  (cd "$module" && GOFLAGS=-mod=mod GODEBUG=gotypesalias=0 "$work/openapi-gen" \
    -h "$work/generated/header" -r "$work/generated/violations" -o "$work/generated" \
    -O zz_generated.openapi -p k8s.io/kubernetes/pkg/generated/openapi -i "$packages") >"$work/generated/log" 2>&1 ||
    die "openapi-gen failed: $(tail -n 3 "$work/generated/log")"
  # "download", for "list" names no folder of a module that the cache does not hold yet.
  source=$(cd "$module" && "$go" mod download -json k8s.io/kubernetes | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",$/\1/p') ||
    die "the module k8s.io/kubernetes of version 1.20 could not be fetched"
  cp -r "$source" "$module/kubernetes"
  chmod -R u+w "$module/kubernetes"
  cp "$work/generated/k8s.io/kubernetes/$target" "$module/kubernetes/$target"
  (cd "$module" && "$go" mod edit -replace k8s.io/kubernetes=./kubernetes)
  # checklinkname: dependencies of 2020 reach into Go's runtime in ways that are refused by default now.
  # shellcheck disable=SC2034  # read by ../build
  flags=(-ldflags "-s -w -checklinkname=0$(version_flags)")
}
