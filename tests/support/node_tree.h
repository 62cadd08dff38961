#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/types.h>

namespace baseline::test {

struct ListeningPort {
  std::string address = "0.0.0.0";  // dotted IPv4, or "::" and "::1"
  std::uint16_t port = 0;
};

// One process of a fabricated node: what /proc/PID will hold.
struct FakeProcess {
  int pid = 0;
  std::vector<std::string> argv = {};
  std::string exe = {};    // empty: "/usr/bin/" and the base name of argv[0]
  unsigned uid = 0;        // effective
  std::string root = "/";  // a path in the node's folder; see NodeTree::container()
  std::string cwd = "/";
  std::vector<std::pair<std::string, std::string>> env = {};
  std::vector<ListeningPort> listening = {};
  std::string cgroup = {};  // the text of its control groups; empty: those of a service of the host
};

// A pod of the node's kubelet: what its control group and the folder of its logs are called.
struct FakePod {
  std::string ns = "shop";
  std::string name = "cart-1";
  std::string uid = "0b5c3a52-3a8e-4c6b-9a55-5f1f3f1f0c01";
  std::string container = std::string(64, 'a');

  // As systemd's driver and containerd lay them out.
  std::string cgroup() const;
};

// A node laid out as a folder of its own below the directory for temporary files; removed at the end. Paths
// are as on the node ("/etc/passwd"); parent directories are made. Owners can only be set by root: as another
// user everything belongs to that user, see owner_of(). Failures throw std::runtime_error: this is for tests
// only.
class NodeTree {
 public:
  NodeTree();  // empty but for /etc and /proc
  ~NodeTree();
  NodeTree(const NodeTree&) = delete;
  NodeTree& operator=(const NodeTree&) = delete;

  const std::string& root() const { return root_; }
  std::string real(std::string_view path) const { return root_ + std::string(path); }

  NodeTree& file(std::string_view path, std::string_view content, mode_t mode = 0644, unsigned uid = 0,
                 unsigned gid = 0);
  NodeTree& directory(std::string_view path, mode_t mode = 0755, unsigned uid = 0, unsigned gid = 0);
  NodeTree& link(std::string_view path, std::string_view target);
  NodeTree& fifo(std::string_view path, mode_t mode = 0644);
  NodeTree& sparse_file(std::string_view path, std::uint64_t size);
  NodeTree& chmod(std::string_view path, mode_t mode);
  NodeTree& remove(std::string_view path);  // recursive
  NodeTree& process(const FakeProcess& process);
  // The same, inside a pod; makes the folder of the pod's logs as well.
  NodeTree& process_in_pod(FakeProcess process, const FakePod& pod);
  // A container's root at `path`, in which each of `shared` (a file or directory of the host) is the host's
  // own, as by a bind mount: hard links. Give `path` as FakeProcess::root.
  NodeTree& container(std::string_view path, const std::vector<std::string>& shared);

  // The number that a file given to `uid` really has: `uid` for root, else the one who runs the test.
  static unsigned owner_of(unsigned uid);

 private:
  void make_parents(const std::string& real_path);
  void set_owner(const std::string& real_path, unsigned uid, unsigned gid);

  std::string root_;
  std::uint64_t next_inode_ = 10'000;
};

}  // namespace baseline::test
