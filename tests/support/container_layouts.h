#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bolt_writer.h"
#include "node_tree.h"

namespace baseline::test {

// "sha256:…" of a text.
std::string digest_of(const std::string& text);
// A container's id: the letter 64 times.
std::string container_id(char letter);

// One container of a pod.
struct PodContainer {
  std::string id = container_id('a');
  std::string name = "web";
  std::string pod = "cart-1";
  std::string ns = "shop";
  std::string uid = "0-1";
  std::string image = "docker.io/library/shop:1";
  std::string config = R"({"architecture":"amd64","os":"linux","config":{"User":"1000"},"rootfs":{}})";
  int pid = 0;  // 0: none noted
};

// What /proc/PID says of a container's first process.
struct ContainerProcess {
  int pid = 0;
  std::string id = container_id('a');
  unsigned uid = 0;
  int seccomp = 2;
  int no_new_privs = 1;
  std::string capabilities = "00000000a80425fb";
  std::string label = "cri-containerd.apparmor.d (enforce)";
  std::string user_namespace = "user:[1]";
  std::string network = "net:[77]";
  std::string root = "/roots/web";
};

// Process 1 with the host's namespaces: user:[1], net:[1].
void lay_out_init(NodeTree& tree);
void lay_out_container_process(NodeTree& tree, const ContainerProcess& process);

// containerd's directories. Images are written as index, manifest and configuration.
class ContainerdLayout {
 public:
  explicit ContainerdLayout(NodeTree& tree, std::string state = "/run/containerd",
                            std::string root = "/var/lib/containerd");

  void add(const PodContainer& container);
  void add_sandbox(const std::string& id);
  std::string blob(const std::string& digest) const;
  // The database as it stands, to be changed; write() puts it into its place.
  BoltBucket& space() { return top_.buckets["v1"].buckets["k8s.io"]; }
  std::string database() const { return root_ + "/io.containerd.metadata.v1.bolt/meta.db"; }
  std::string bundle(const std::string& id) const;
  std::string bytes() const { return write_bolt(top_); }
  void write() { tree_.file(database(), bytes()); }

  // Adds an image and gives back the digest of its index.
  std::string add_image(const std::string& name, const std::string& config);

 private:
  std::string put_blob(const std::string& text);

  NodeTree& tree_;
  std::string state_;
  std::string root_;
  BoltBucket top_;
};

// CRI-O's storage with one container.
void lay_out_crio(NodeTree& tree, const PodContainer& container);
// dockerd's directory with one container, its sandbox, and one that belongs to no pod.
void lay_out_docker(NodeTree& tree, const PodContainer& container);

}  // namespace baseline::test
