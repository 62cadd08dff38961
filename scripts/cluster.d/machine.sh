# shellcheck shell=bash
# What this machine must offer, and the control groups it lends; sourced by ../cluster.

check_root() {
  ((EUID == 0)) || skip "the local cluster needs root (namespaces, mounts, containerd); run it with sudo"
}

# check_machine: everything that would only fail half-way is tried first.
check_machine() {
  local program scratch
  check_root
  for program in containerd runc ctr iptables ip nsenter unshare flock; do
    command -v "$program" >/dev/null || skip "$program is missing; scripts/setup installs it"
  done
  for program in /bin /sbin /lib; do
    [[ -L $program ]] || skip "$program is not a link into /usr; the nodes' file systems need a merged /usr"
  done
  unshare --mount --net --uts --ipc --pid --cgroup --fork true 2>/dev/null ||
    skip "this machine refuses new namespaces, so no node can be started on it"
  mkdir -p "$CACHE/clusters"
  scratch=$(mktemp -d "$CACHE/clusters/.try.XXXXXX")
  mkdir "$scratch"/{upper,work,all}
  # shellcheck disable=SC2016  # expanded inside
  if ! unshare --mount bash -c '
      cd "$1" && options=lowerdir=/usr,upperdir=upper,workdir=work
      mount -t overlay try -o "$options" all 2>/dev/null ||
        { mount -t tmpfs try all && mkdir all/{upper,work,all} && cd all && mount -t overlay try -o "$options" all; }
      ' - "$scratch" 2>/dev/null; then
    rm -rf "$scratch"
    skip "this machine refuses overlay mounts, so no node's file system can be built on it"
  fi
  rm -rf "$scratch"
  [[ -n $(cgroup_mounts) ]] || skip "no control groups are mounted below /sys/fs/cgroup, which the kubelet needs"
}

# snapshotter: the containerd snapshotter that works where the nodes' data are kept.
snapshotter() {
  local scratch answer=native
  scratch=$(mktemp -d "$STATE/.try.XXXXXX")
  mkdir "$scratch"/{lower,upper,work,all}
  # shellcheck disable=SC2016  # expanded inside
  if unshare --mount bash -c 'cd "$1" && mount -t overlay try -o lowerdir=lower,upperdir=upper,workdir=work all' \
    - "$scratch" 2>/dev/null; then
    answer=overlayfs
  fi
  rm -rf "$scratch"
  echo "$answer"
}

# cgroup_version: 2 for the unified hierarchy, else 1.
cgroup_version() {
  if [[ $(stat -fc %T /sys/fs/cgroup) == cgroup2fs ]]; then echo 2; else echo 1; fi
}

# cgroup_mounts: the folder of every hierarchy.
cgroup_mounts() {
  awk '{ for (i = 7; $i != "-"; i++); if ($(i + 1) ~ /^cgroup2?$/ && $5 ~ /^\/sys\/fs\/cgroup/) print $5 }' /proc/self/mountinfo
}

# make_cgroups NODE: a folder for the node in every hierarchy; prints the folders.
make_cgroups() {
  local node=$1 mount top folder file
  for mount in $(cgroup_mounts); do
    top=$mount/baseline-$NAME folder=$mount/baseline-$NAME/$node
    mkdir -p "$top"
    if [[ -e $mount/cgroup.subtree_control ]]; then
      hand_on_controllers "$mount"
      hand_on_controllers "$top"
    fi
    mkdir -p "$folder"
    # In version 1 a new cpuset is empty, and nothing may run in it until it is filled.
    for file in cpuset.cpus cpuset.mems; do
      if [[ ! -e $mount/cgroup.controllers && -e $folder/$file ]]; then
        cat "$mount/$file" >"$top/$file"
        cat "$mount/$file" >"$folder/$file"
      fi
    done
    echo "$folder"
  done
}

# hand_on_controllers FOLDER: lets the groups below use what the kubelet asks for (version 2).
hand_on_controllers() {
  local controller
  for controller in cpuset cpu memory pids io; do
    grep -qw "$controller" "$1/cgroup.controllers" || continue
    grep -qw "$controller" "$1/cgroup.subtree_control" || echo "+$controller" >"$1/cgroup.subtree_control" ||
      skip "the cgroup controller $controller cannot be used below $1, which the kubelet needs"
  done
}

# remove_cgroups: from the leaves up. Processes that were killed may take a moment to leave.
remove_cgroups() {
  local mount folder try
  for mount in $(cgroup_mounts); do
    [[ -d $mount/baseline-$NAME ]] || continue
    for try in 1 2 3 4 5; do
      while read -r folder; do
        rmdir "$folder" 2>/dev/null || true
      done < <(find "$mount/baseline-$NAME" -depth -type d)
      [[ -d $mount/baseline-$NAME ]] || break
      sleep "0.$try"
    done
    [[ ! -d $mount/baseline-$NAME ]] || progress "could not remove the control group $mount/baseline-$NAME"
  done
}
