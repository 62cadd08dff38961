# shellcheck shell=bash
# The images of Kubernetes itself, made from the programs; sourced by ../cluster.

# image_reference BIN COMPONENT: the name under which kubeadm asks for the image.
image_reference() {
  grep -m1 "/$2:" "$1/images/names" || die "kubeadm asks for no image of $2"
}

# make_images BIN: archives beside the programs, made anew when a recipe has changed.
make_images() {
  local bin=$1 folder=$1/images component reference xtables modules
  mkdir -p "$folder"
  if [[ ! -s $folder/names ]]; then
    "$bin/kubeadm" config images list --kubernetes-version "${bin##*/}" 2>/dev/null >"$folder/names.new"
    mv "$folder/names.new" "$folder/names"
  fi
  xtables=$(working_xtables)
  modules=$(dirname "$(find /usr/lib /usr/lib64 -name libxt_comment.so -print -quit)")
  [[ -e $folder/pause ]] ||
    cc -static -Os -Wall -Wextra -o "$folder/pause" "$PARTS/pause.c" || die "the pause program did not build"
  for component in pause etcd kube-apiserver kube-controller-manager kube-scheduler kube-proxy; do
    reference=$(image_reference "$bin" "$component")
    if [[ -e $folder/$component.tar && ! $PARTS/images/$component.toml -nt $folder/$component.tar &&
      ! $SCRIPTS/image/archive.py -nt $folder/$component.tar && ! $SCRIPTS/image/recipe.py -nt $folder/$component.tar ]]; then
      continue
    fi
    progress "making the image of $component"
    "$SCRIPTS/images" --recipes "$PARTS/images" --bin "$bin" --out "$folder" --tag "${reference##*:}" \
      --set "pause=$folder/pause" --set "xtables=$xtables" --set "xtables_modules=$modules" \
      "$component" >/dev/null 2>"$STATE/images.log" || die "the image of $component was not made: $(tail -n 1 "$STATE/images.log")"
  done
}

# working_xtables: the iptables flavour that this kernel serves.
working_xtables() {
  local flavour path
  for flavour in nft legacy; do
    path=$(command -v "xtables-$flavour-multi") || continue
    # shellcheck disable=SC2016  # expanded inside
    if unshare --net bash -c '"$1" iptables -t nat -A OUTPUT -m comment --comment try -j RETURN' - "$path" 2>/dev/null; then
      echo "$path"
      return
    fi
  done
  skip "neither flavour of iptables works on this kernel, and kube-proxy needs one"
}

# import_images NODE BIN: what kubeadm wants to find on the node.
import_images() {
  local node=$1 bin=$2 component components=(pause kube-proxy)
  [[ $node == control-plane ]] && components=(pause etcd kube-apiserver kube-controller-manager kube-scheduler kube-proxy)
  progress "$node: importing ${#components[@]} images"
  for component in "${components[@]}"; do
    import_image "$node" "$bin/images/$component.tar"
  done
}

import_image() {
  in_node "$1" ctr --namespace k8s.io image import - <"$2" >"$STATE/import-$1.log" 2>&1 ||
    die "containerd of $1 refused $2: $(tail -n 1 "$STATE/import-$1.log")"
}

# load_image FILE: onto every node.
load_image() {
  local file=$1 node
  for node in $(node_names); do
    import_image "$node" "$file"
  done
  progress "loaded $file on $(node_names | paste -sd' ' -)"
}
