# shellcheck shell=bash
# The cluster's network; sourced by ../cluster.
#
# A bridge in a network namespace of its own joins the nodes. One cable leads
# from it to this machine, which so reaches the API server; nothing is routed
# further. Addresses in 10.200.X.0/24: .1 bridge, .2 machine, .10 control plane,
# .11 and up workers.

# shellcheck disable=SC2034  # kubeadm.sh uses it
readonly POD_SUBNET=10.244.0.0/16

subnet() { cat "$STATE/subnet"; }

node_address() {
  case $1 in
    control-plane) echo "$(subnet).10" ;;
    worker-*) echo "$(subnet).$((10 + ${1#worker-}))" ;;
  esac
}

# free_subnet: the first 10.200.X that no route of this machine covers.
free_subnet() {
  local number routes
  routes=$(ip -4 route show table all)
  for number in {0..255}; do
    if [[ ! $routes =~ (^|[^0-9.])10\.200\.$number\. ]]; then
      echo "10.200.$number"
      return
    fi
  done
  die "every network 10.200.0.0/24 to 10.200.255.0/24 is in use on this machine"
}

in_switch() { nsenter --net="/proc/$(process_in "$STATE/switch.pid")/ns/net" "$@"; }

start_switch() {
  if process_in "$STATE/switch.pid" >/dev/null; then return; fi
  free_subnet >"$STATE/subnet"
  setsid unshare --net sleep infinity </dev/null >/dev/null 2>&1 8>&- &
  local pid=$!
  wait_for 5 "a network namespace" different_network "$pid"
  remember_process "$STATE/switch.pid" "$pid"
  in_switch ip link add nodes type bridge
  in_switch ip link set lo up
  in_switch ip link set nodes up
  in_switch ip address add "$(subnet).1/24" dev nodes
  ip link add "bl-$NAME" type veth peer name machine netns "$pid"
  in_switch ip link set machine master nodes up
  ip address add "$(subnet).2/24" dev "bl-$NAME"
  ip link set "bl-$NAME" up
}

different_network() {
  [[ $(readlink "/proc/$1/ns/net") != "$(readlink /proc/self/ns/net)" && $(readlink "/proc/$1/exe") == */sleep ]]
}

# stop_switch: with the namespace goes the bridge, and with one end of a cable the other.
stop_switch() {
  stop_process "$STATE/switch.pid" KILL
  if ip link show "bl-$NAME" >/dev/null 2>&1; then
    ip link delete "bl-$NAME" 2>/dev/null || true
  fi
}

# plug_in NODE: a cable from the bridge to the node's eth0.
plug_in() {
  local node=$1 port pid address
  pid=$(node_pid "$node")
  address=$(node_address "$node")
  port=port${address##*.}
  in_switch ip link add "$port" type veth peer name eth0 netns "/proc/$pid/ns/net"
  in_switch ip link set "$port" master nodes up
  nsenter --net="/proc/$pid/ns/net" ip link set lo up
  nsenter --net="/proc/$pid/ns/net" ip address add "$address/24" dev eth0
  nsenter --net="/proc/$pid/ns/net" ip link set eth0 up
  nsenter --net="/proc/$pid/ns/net" ip route add default via "$(subnet).1"
}

# connect_pods NODE...: gives new nodes their pod network, once the control plane
# has said which range each has, and every node a route to every other's pods.
connect_pods() {
  local node other range
  for node in "$@"; do
    wait_for 30 "a pod range for $node" pod_range "$node" ||
      die "the control plane gave $node no range of pod addresses $(tail -n 1 "$STATE/pod-range.log")"
    cni_config "$(pod_range "$node")" >"$STATE/nodes/$node/rootfs/etc/cni/net.d/10-bridge.conflist"
  done
  for other in $(node_names); do
    range=$(pod_range "$other")
    for node in $(node_names); do
      [[ $node == "$other" ]] || in_node "$node" ip route replace "$range" via "$(node_address "$other")"
    done
  done
}

pod_range() {
  local range
  range=$(kubectl get node "$1" -o 'jsonpath={.spec.podCIDR}' 2>"$STATE/pod-range.log") && [[ -n $range ]] && echo "$range"
}

cni_config() {
  cat <<EOF
{
  "cniVersion": "0.4.0",
  "name": "pods",
  "plugins": [
    {
      "type": "bridge",
      "bridge": "cni0",
      "isDefaultGateway": true,
      "hairpinMode": true,
      "ipam": {"type": "host-local", "ranges": [[{"subnet": "$1"}]]}
    },
    {"type": "portmap", "capabilities": {"portMappings": true}}
  ]
}
EOF
}
