# shellcheck shell=bash
# shellcheck disable=SC2153  # ../cluster sets NAME
# A node: its file system, its processes, and how to reach into it; sourced by ../cluster.

node_pid() { process_in "$STATE/nodes/$1/pid"; }
node_runs() { node_pid "$1" >/dev/null; }

# in_node NODE COMMAND...: runs it in all namespaces of the node.
in_node() {
  local pid
  if ! pid=$(node_pid "$1"); then
    echo "node $1 of cluster $NAME is not running" >&2
    return 1
  fi
  shift
  nsenter --target "$pid" --mount --uts --ipc --net --pid --cgroup -- \
    env --chdir=/ -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
    ${TERM:+"TERM=$TERM"} KUBECONFIG=/etc/kubernetes/admin.conf "$@"
}

# start_node NODE BIN
start_node() {
  local node=$1 bin=$2 folder=$STATE/nodes/$1 cgroups
  mkdir -p "$folder/usr/upper" "$folder/usr/work"
  lay_out_node "$node" "$bin"
  mapfile -t cgroups < <(make_cgroups "$node")
  ((${#cgroups[@]})) || skip "no control group could be made for $node"
  setsid unshare --mount --net --uts --ipc --pid --fork \
    "$PARTS/enter-node" "$folder/rootfs" "$folder/usr" "$folder/pid.new" "${cgroups[@]}" \
    </dev/null >"$folder/enter.log" 2>&1 8>&- &
  wait_for 10 "the first process of $node" test -s "$folder/pid.new" || die "$node did not start: $(tail -n 1 "$folder/enter.log")"
  remember_process "$folder/pid" "$(cat "$folder/pid.new")"
  rm "$folder/pid.new"
  plug_in "$node"
}

# lay_out_node NODE BIN: the file system of a freshly installed machine on which
# containerd, kubeadm, kubelet and kubectl have been installed from packages.
lay_out_node() {
  local node=$1 bin=$2 folder=$STATE/nodes/$1 root=$STATE/nodes/$1/rootfs upper=$STATE/nodes/$1/usr/upper name
  mkdir -p "$root"/{dev,etc,home,mnt,opt/cni/bin,proc,run,srv,sys,usr,var/{cache,lib,log,spool}}
  mkdir -p "$root"/etc/{default,cni/net.d,containerd,kubernetes/manifests,systemd/system} "$root"/var/lib/{cni,containerd,etcd,kubelet}
  mkdir -p "$root/root" "$root/tmp" "$root/var/tmp"
  chmod 1777 "$root/tmp" "$root/var/tmp"
  chmod 700 "$root/root" "$root/var/lib/etcd" "$root/var/lib/kubelet"
  ln -sfn /run "$root/var/run"
  for name in /bin /sbin /lib /lib32 /lib64 /libx32; do
    [[ ! -L $name ]] || cp -a "$name" "$root$name"
  done
  for name in passwd group nsswitch.conf os-release debian_version protocols services ld.so.conf ld.so.conf.d \
    ld.so.cache alternatives localtime timezone; do
    [[ ! -e /etc/$name ]] || cp -a "/etc/$name" "$root/etc/"
  done
  tr -d - </proc/sys/kernel/random/uuid >"$root/etc/machine-id"
  echo "$node" >"$root/etc/hostname"
  printf '127.0.0.1 localhost\n%s %s\n' "$(node_address "$node")" "$node" >"$root/etc/hosts"
  : >"$root/etc/resolv.conf"

  echo KUBELET_EXTRA_ARGS= >"$root/etc/default/kubelet"

  for name in bridge host-local loopback portmap; do
    cp "$(cni_plugins)/$name" "$root/opt/cni/bin/"
  done
  mkdir -p "$upper"/{bin,lib}
  for name in kubelet kubeadm kubectl; do
    cp --reflink=auto --dereference "$bin/$name" "$upper/bin/$name"
    chmod 755 "$upper/bin/$name"
  done
  cp -r "$PARTS/node/usr/lib/." "$upper/lib/"
  chmod -R u=rwX,go=rX "$upper"
  [[ ! -e /usr/local/bin/containerd || -e /usr/bin/containerd ]] || ln -s /usr/local/bin/containerd "$upper/bin/containerd"
  sed -e "s#@PAUSE_IMAGE@#$(image_reference "$bin" pause)#" -e "s#@SNAPSHOTTER@#$(snapshotter)#" \
    "$PARTS/node/etc/containerd/config.toml.in" >"$root/etc/containerd/config.toml"
  chmod 644 "$root"/etc/{default/kubelet,machine-id,hostname,hosts,resolv.conf,containerd/config.toml}
}

cni_plugins() {
  local folder
  for folder in /usr/lib/cni /opt/cni/bin; do
    if [[ -x $folder/bridge && -x $folder/host-local ]]; then
      echo "$folder"
      return
    fi
  done
  skip "the CNI plugins are missing; scripts/setup installs them"
}

wait_for_containerd() {
  wait_for 30 "containerd of $1" in_node "$1" ctr version ||
    skip "containerd does not run inside a node on this machine: $(tail -n 1 "$STATE/nodes/$1/rootfs/var/log/containerd.log")"
}

# stop_service NODE NAME / start_service NODE NAME
stop_service() {
  # shellcheck disable=SC2016  # expanded inside the node
  in_node "$1" bash -c '
    touch "/run/node/$1.stopped"
    for try in {1..300}; do
      [[ -e /run/node/$1.pid ]] || exit 0
      signal=TERM
      ((try < 200)) || signal=KILL
      ((try % 100 == 1)) && kill -s "$signal" "$(cat "/run/node/$1.pid")" 2>/dev/null
      sleep 0.1
    done
    exit 1' - "$2" || die "$2 of $1 did not stop within 30 s"
  progress "$2 of $1 is stopped"
}

start_service() {
  in_node "$1" rm -f "/run/node/$2.stopped"
  wait_for 20 "$2 of $1" in_node "$1" test -e "/run/node/$2.pid" || die "$2 of $1 did not start"
  progress "$2 of $1 runs"
}

# stop_node NODE: when its first process ends, the kernel ends all others, and
# with the last of them go its mounts and its network.
stop_node() {
  local folder=$STATE/nodes/$1 pid network
  if pid=$(node_pid "$1"); then
    network=$(readlink "/proc/$pid/ns/net")
    kill -s KILL "$pid"
    wait_for 20 "the end of $1" network_is_gone "$network" || true
  fi
  rm -rf --one-file-system "$folder"
}

# network_is_gone NAMESPACE: no process is in it any more.
network_is_gone() {
  [[ -z $(find /proc -maxdepth 3 -path '/proc/[0-9]*/ns/net' -lname "$1" -print -quit 2>/dev/null) ]]
}
