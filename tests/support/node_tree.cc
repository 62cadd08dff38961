#include "node_tree.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace baseline::test {
namespace {

namespace fs = std::filesystem;

void check(bool ok, const std::string& what) {
  if (!ok) throw std::runtime_error(what + ": " + std::generic_category().message(errno));
}

std::string base_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

// As the kernel prints it: 32-bit words in the machine's own byte order.
std::string hex_address(const std::string& address) {
  std::array<std::uint32_t, 4> words{};
  const bool v6 = address.find(':') != std::string::npos;
  check(::inet_pton(v6 ? AF_INET6 : AF_INET, address.c_str(), words.data()) == 1, "address " + address);
  std::string out;
  for (std::size_t i = 0; i < (v6 ? words.size() : 1); ++i) {
    std::array<char, 9> text{};
    std::snprintf(text.data(), text.size(), "%08X", words[i]);
    out += text.data();
  }
  return out;
}

std::string hex_port(unsigned port) {
  std::array<char, 5> text{};
  std::snprintf(text.data(), text.size(), "%04X", port & 0xFFFFU);
  return text.data();
}

}  // namespace

NodeTree::NodeTree() {
  std::string name = (fs::temp_directory_path() / "node-tree-XXXXXX").string();
  check(::mkdtemp(name.data()) != nullptr, name);
  root_ = name;
  check(::chmod(root_.c_str(), 0755) == 0, root_);
  directory("/etc");
  directory("/proc");
}

NodeTree::~NodeTree() {
  std::error_code ignored;
  // Directories without permission bits must be opened up first, as a test may have closed them.
  for (fs::recursive_directory_iterator it(root_, fs::directory_options::skip_permission_denied, ignored),
       end;
       it != end; it.increment(ignored)) {
    if (it->is_directory(ignored) && !it->is_symlink(ignored)) {
      fs::permissions(it->path(), fs::perms::owner_all, fs::perm_options::add, ignored);
    }
  }
  fs::remove_all(root_, ignored);
}

unsigned NodeTree::owner_of(unsigned uid) {
  return ::geteuid() == 0 ? uid : ::geteuid();
}

void NodeTree::make_parents(const std::string& real_path) {
  const fs::path parent = fs::path(real_path).parent_path();
  if (fs::exists(parent)) return;
  make_parents(parent.string());
  check(::mkdir(parent.c_str(), 0755) == 0, parent.string());
  check(::chmod(parent.c_str(), 0755) == 0, parent.string());
}

void NodeTree::set_owner(const std::string& real_path, unsigned uid, unsigned gid) {
  if (::geteuid() == 0) check(::lchown(real_path.c_str(), uid, gid) == 0, real_path);
}

NodeTree& NodeTree::file(std::string_view path, std::string_view content, mode_t mode, unsigned uid,
                         unsigned gid) {
  const std::string name = real(path);
  make_parents(name);
  ::unlink(name.c_str());
  std::ofstream(name, std::ios::binary).write(content.data(), static_cast<std::streamsize>(content.size()));
  set_owner(name, uid, gid);
  check(::chmod(name.c_str(), mode) == 0, name);
  return *this;
}

NodeTree& NodeTree::directory(std::string_view path, mode_t mode, unsigned uid, unsigned gid) {
  const std::string name = real(path);
  make_parents(name);
  check(::mkdir(name.c_str(), 0700) == 0 || errno == EEXIST, name);
  set_owner(name, uid, gid);
  check(::chmod(name.c_str(), mode) == 0, name);
  return *this;
}

NodeTree& NodeTree::link(std::string_view path, std::string_view target) {
  const std::string name = real(path);
  make_parents(name);
  ::unlink(name.c_str());
  check(::symlink(std::string(target).c_str(), name.c_str()) == 0, name);
  return *this;
}

NodeTree& NodeTree::fifo(std::string_view path, mode_t mode) {
  const std::string name = real(path);
  make_parents(name);
  check(::mkfifo(name.c_str(), mode) == 0, name);
  return *this;
}

NodeTree& NodeTree::sparse_file(std::string_view path, std::uint64_t size) {
  file(path, "");
  check(::truncate(real(path).c_str(), static_cast<off_t>(size)) == 0, real(path));
  return *this;
}

NodeTree& NodeTree::chmod(std::string_view path, mode_t mode) {
  check(::chmod(real(path).c_str(), mode) == 0, real(path));
  return *this;
}

NodeTree& NodeTree::remove(std::string_view path) {
  fs::remove_all(real(path));
  return *this;
}

NodeTree& NodeTree::container(std::string_view path, const std::vector<std::string>& shared) {
  directory(path);
  for (const std::string& name : shared) {
    const std::string target = std::string(path) + name;
    make_parents(real(target));
    if (!fs::is_directory(real(name))) {
      check(::link(real(name).c_str(), real(target).c_str()) == 0, real(target));
      continue;
    }
    directory(target, fs::status(real(name)).permissions() == fs::perms::owner_all ? 0700 : 0755);
    for (const auto& entry : fs::directory_iterator(real(name))) {
      container(path, {name + "/" + entry.path().filename().string()});
    }
  }
  return *this;
}

std::string FakePod::cgroup() const {
  std::string escaped = uid;
  std::ranges::replace(escaped, '-', '_');
  return "0::/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" + escaped +
         ".slice/cri-containerd-" + container + ".scope\n";
}

NodeTree& NodeTree::process_in_pod(FakeProcess process, const FakePod& pod) {
  directory("/var/log/pods/" + pod.ns + "_" + pod.name + "_" + pod.uid);
  process.cgroup = pod.cgroup();
  return this->process(process);
}

NodeTree& NodeTree::process(const FakeProcess& process) {
  const std::string dir = "/proc/" + std::to_string(process.pid);
  remove(dir);
  std::string command_line;
  for (const std::string& word : process.argv) command_line.append(word).push_back('\0');
  std::string environment;
  for (const auto& [name, value] : process.env)
    environment.append(name).append("=").append(value).push_back('\0');
  const std::string name = process.argv.empty() ? "" : base_name(process.argv[0]);
  const std::string uid = std::to_string(process.uid);
  file(dir + "/cmdline", command_line);
  file(dir + "/environ", environment);
  file(dir + "/status",
       "Name:\t" + name.substr(0, 15) + "\nUid:\t" + uid + "\t" + uid + "\t" + uid + "\t" + uid + "\n");
  file(dir + "/stat", std::to_string(process.pid) + " (" + name.substr(0, 15) + ") S 1" +
                          std::string(17 * 2, ' ') + "2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 " +
                          std::to_string(100 + process.pid) + " 0\n");
  const std::string group = process.pid == 1 ? "init.scope" : "system.slice/" + name + ".service";
  file(dir + "/cgroup", process.cgroup.empty() ? "0::/" + group + "\n" : process.cgroup);
  link(dir + "/exe", process.exe.empty() ? "/usr/bin/" + name : process.exe);
  link(dir + "/root", process.root);
  link(dir + "/cwd", process.cwd);
  directory(dir + "/fd");
  link(dir + "/fd/0", "/dev/null");
  const std::string head =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
  std::string tcp = head;
  std::string tcp6 = head;
  int descriptor = 3;
  for (const ListeningPort& port : process.listening) {
    const std::uint64_t inode = next_inode_++;
    const std::string local = hex_address(port.address) + ":" + hex_port(port.port);
    const std::string remote =
        hex_address(port.address.find(':') == std::string::npos ? "0.0.0.0" : "::") + ":0000";
    std::string& table = port.address.find(':') == std::string::npos ? tcp : tcp6;
    table.append("   0: ").append(local).append(" ").append(remote);
    table.append(" 0A 00000000:00000000 00:00000000 00000000     0        0 ");
    table.append(std::to_string(inode)).append(" 1 0000000000000000 100 0 0 10 0\n");
    link(dir + "/fd/" + std::to_string(descriptor++), "socket:[" + std::to_string(inode) + "]");
  }
  // A connection and somebody else's listener, which must not be taken for this process's.
  tcp +=
      "   1: 0100007F:0016 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 77 1 0 100 "
      "0 0 10 0\n";
  tcp +=
      "   2: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 78 1 0 100 "
      "0 0 10 0\n";
  file(dir + "/net/tcp", tcp);
  file(dir + "/net/tcp6", tcp6);
  return *this;
}

}  // namespace baseline::test
