# shellcheck shell=bash
# Kubernetes on the nodes, by kubeadm; sourced by ../cluster.

kubectl() { "$STATE/bin/kubectl" --kubeconfig "$STATE/kubeconfig" "$@"; }

# kubeadm_config VERSION: kubeadm's defaults, but for what a node without systemd,
# on a shared machine, cannot have.
kubeadm_config() {
  local version=$1 minor=${1#v1.} address
  minor=${minor%%.*}
  address=$(node_address control-plane)
  cat <<EOF
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
localAPIEndpoint: {advertiseAddress: $address}
nodeRegistration: {name: control-plane}
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
clusterName: $NAME
kubernetesVersion: $version
networking: {podSubnet: $POD_SUBNET}
---
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: iptables
conntrack: {maxPerCore: 0}   # the table's size is the machine's, not the node's
---
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
cgroupDriver: cgroupfs
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%}
EOF
  if [[ $(wc -l </proc/swaps) -gt 1 ]]; then echo 'failSwapOn: false'; fi
  if [[ $(cgroup_version) == 1 ]] && ((minor >= 31)); then echo 'failCgroupV1: false'; fi
}

# run_kubeadm NODE ARGUMENTS...: its output goes to a log, of which the end is shown on failure.
run_kubeadm() {
  local node=$1 log=$STATE/kubeadm-$1.log
  shift
  in_node "$node" kubeadm "$@" </dev/null >"$log" 2>&1 && return
  tail -n 15 "$log" >&2
  die "kubeadm $1 failed on $node; the end of what it wrote is above"
}

# kubeadm_init BIN: DNS is left out, for nothing here needs it.
kubeadm_init() {
  local bin=$1 root=$STATE/nodes/control-plane/rootfs
  progress "control-plane: kubeadm init"
  kubeadm_config "${bin##*/}" >"$root/root/kubeadm.yaml"
  run_kubeadm control-plane init --config /root/kubeadm.yaml --ignore-preflight-errors=all --skip-phases=addon/coredns
  mkdir -p "$STATE/bin"
  ln -sfn "$bin/kubectl" "$STATE/bin/kubectl"
  install -m 600 "$root/etc/kubernetes/admin.conf" "$STATE/kubeconfig"
}

kubeadm_join() {
  local node=$1 join
  progress "$node: kubeadm join"
  join=$(in_node control-plane kubeadm token create --print-join-command 2>"$STATE/kubeadm-token.log") ||
    die "no token to join with: $(tail -n 1 "$STATE/kubeadm-token.log")"
  # shellcheck disable=SC2086  # words of a command line; the first is "kubeadm"
  set -- ${join#kubeadm }
  run_kubeadm "$node" "$@" --ignore-preflight-errors=all
}

allow_pods_on_control_plane() {
  kubectl taint node control-plane node-role.kubernetes.io/control-plane- >/dev/null 2>&1 || true
}

wait_until_ready() {
  local nodes
  nodes=$(node_names | wc -l)
  progress "waiting for the nodes and kube-proxy"
  kubectl wait --for=condition=Ready nodes --all --timeout=90s >"$STATE/ready.log" 2>&1 ||
    die "a node did not become ready: $(tail -n 1 "$STATE/ready.log")"
  wait_for 60 "kube-proxy on every node" proxies_run "$nodes" || die "kube-proxy does not run on every node"
  wait_for 30 "the default service account" kubectl --namespace default get serviceaccount default ||
    die "kube-controller-manager makes no service accounts"
}

proxies_run() {
  [[ $(kubectl --namespace kube-system get daemonset kube-proxy -o 'jsonpath={.status.numberReady}') == "$1" ]]
}

cluster_status() {
  local node
  for node in $(node_names); do
    printf '%-15s %-14s process %s\n' "$node" "$(node_address "$node")" "$(node_pid "$node" || echo gone)"
  done
  echo
  kubectl get nodes
  echo
  kubectl get pods --all-namespaces
}
