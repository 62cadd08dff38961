#include "node-runner/rootfs_walk.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "node-runner/parse_etc.h"
#include "node-runner/text.h"
#include "node-runner/utf8.h"

namespace baseline::runner {
namespace {

constexpr std::size_t kSmallFile = std::size_t{64} << 10;
constexpr std::size_t kDepth = 100;
constexpr std::size_t kNameBytes = std::size_t{1} << 20;  // of directories still to be entered
constexpr std::size_t kMostSetId = 50;
constexpr std::size_t kMostFound = 50;  // of shells, of package managers, of tools
constexpr std::uint64_t kClockEvery = 128;

// Where programs are looked up by name. Links are followed there, and only there: that of a shell to BusyBox
// is a shell.
constexpr auto kProgramPlaces = std::to_array<std::string_view>(
    {"/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/busybox", "/opt/bin"});
constexpr auto kShells =
    std::to_array<std::string_view>({"ash", "bash", "busybox", "csh", "dash", "fish", "ksh", "mksh", "pwsh",
                                     "rbash", "sh", "tcsh", "toybox", "zsh"});
constexpr auto kManagers =
    std::to_array<std::string_view>({"apk", "apt", "apt-get", "aptitude", "dnf", "dnf5", "dpkg", "microdnf",
                                     "opkg", "pacman", "rpm", "tdnf", "yum", "zypper"});
constexpr auto kTools = std::to_array<std::string_view>(
    {"as",    "c++",  "cc",     "clang",  "clang++",  "curl",   "dig",   "ftp",    "g++",
     "gcc",   "gdb",  "go",     "javac",  "ld",       "lldb",   "lsof",  "ltrace", "make",
     "nc",    "ncat", "netcat", "nmap",   "nslookup", "perf",   "rsync", "rustc",  "scp",
     "socat", "ssh",  "sshd",   "strace", "tcpdump",  "telnet", "tftp",  "wget"});

static_assert(std::ranges::is_sorted(kShells) && std::ranges::is_sorted(kManagers) &&
              std::ranges::is_sorted(kTools));

using Paths = std::set<std::string>;

struct Programs {
  Paths shells;
  Paths managers;
  Paths tools;

  Paths* of(std::string_view name) {
    const auto among = [name](std::span<const std::string_view> names) {
      return std::ranges::binary_search(names, name);
    };
    if (among(kShells)) return &shells;
    if (among(kManagers)) return &managers;
    if (among(kTools)) return &tools;
    return nullptr;
  }
};

void keep(Paths& paths, std::string path) {
  paths.insert(std::move(path));
  if (paths.size() > kMostFound) paths.erase(std::prev(paths.end()));
}

bool is_program(const struct stat& status) {
  return S_ISREG(status.st_mode) && (status.st_mode & 0111U) != 0;
}

// Programs by their names in the usual places.
void look_in_places(const RootView& root, Programs& found) {
  for (const std::string_view place : kProgramPlaces) {
    const auto directory = root.find(place);
    // A link to another place says nothing new, as with /bin on a merged /usr.
    if (!directory || !S_ISDIR(directory->status.st_mode) ||
        std::ranges::find(kProgramPlaces, directory->target) != kProgramPlaces.end())
      continue;
    for (const std::span<const std::string_view> names :
         {std::span<const std::string_view>(kShells), std::span<const std::string_view>(kManagers),
          std::span<const std::string_view>(kTools)}) {
      for (const std::string_view name : names) {
        std::string path = join_path(place, name);
        const auto program = root.find(path);
        if (program && is_program(program->status)) keep(*found.of(name), std::move(path));
      }
    }
  }
}

class Walk {
 public:
  Walk(Context& context, std::chrono::steady_clock::time_point end, const Paths& mounts, Programs& found,
       facts::RootFilesystem& out)
      : context_(context), end_(end), mounts_(mounts), found_(found), out_(out) {}

  void run(const RootView& root) {
    auto top = root.open_directory("");
    struct stat status = {};
    if (!top || ::fstat(top->get(), &status) != 0) return stop("the root cannot be listed");
    device_ = status.st_dev;
    out_.set_complete(true);
    enter(std::move(*top), "", kDepth);
    out_.set_files_seen(seen_);
    out_.set_set_id_total(total_);
    for (const auto& [path, mode] : set_id_) {
      facts::File& file = *out_.add_set_id_files();
      file.set_path(path);
      file.set_mode(mode);
      file.set_presence(facts::PRESENT);
      file.set_type("file");
    }
  }

 private:
  using Stream = std::unique_ptr<DIR, decltype([](DIR* d) { ::closedir(d); })>;

  void stop(const char* reason) {
    out_.set_complete(false);
    if (out_.error().empty()) out_.set_error(reason);
  }

  // False when the budget is used up.
  bool spend() {
    if (over_) return false;
    if (seen_ >= context_.limits().walk_files) {
      over_ = true;
      stop("it has more files than are looked at (--walk-files)");
      return false;
    }
    if (++seen_ % kClockEvery == 0 && context_.now() > end_) {
      over_ = true;
      stop("the time for looking through it is over (--walk-duration, --walk-total)");
    }
    return !over_;
  }

  // Looks at what stands in a directory, then enters those below it in the order of their names.
  // NOLINTNEXTLINE(misc-no-recursion): no deeper than kDepth
  void enter(UniqueFd directory, const std::string& path, std::size_t depth) {
    std::vector<std::string> below;
    std::size_t bytes = 0;
    if (!list(directory, path, below, bytes)) return;
    std::ranges::sort(below);
    for (const std::string& name : below) {
      if (over_) break;
      if (mounts_.contains(fmt::format("{}/{}", path, name))) continue;
      if (depth == 0) {
        stop("its directories are nested deeper than is looked at");
        break;
      }
      UniqueFd child(::openat(directory.get(), name.c_str(),
                              O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NOATIME));
      if (!child.valid() && errno == EPERM)
        child = UniqueFd(
            ::openat(directory.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
      struct stat status = {};
      if (!child.valid() || ::fstat(child.get(), &status) != 0) {
        if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP) stop("a directory in it cannot be opened");
        continue;
      }
      if (status.st_dev == device_) enter(std::move(child), fmt::format("{}/{}", path, name), depth - 1);
    }
    held_ -= bytes;
  }

  bool list(const UniqueFd& directory, const std::string& path, std::vector<std::string>& below,
            std::size_t& bytes) {
    UniqueFd copy(::fcntl(directory.get(), F_DUPFD_CLOEXEC, 0));
    const Stream stream(copy.valid() ? ::fdopendir(copy.get()) : nullptr);
    if (!stream) {
      stop("a directory in it cannot be listed");
      return false;
    }
    copy.release();
    errno = 0;
    while (const dirent* entry =
               ::readdir(stream.get())) {  // NOLINT(concurrency-mt-unsafe): a stream of our own
      const std::string_view name = entry->d_name;
      if (name == "." || name == "..") continue;
      if (!spend()) return true;
      if (look(directory, path, *entry)) {
        bytes += name.size() + sizeof(std::string);
        held_ += name.size() + sizeof(std::string);
        if (held_ > kNameBytes) {
          stop("it has more directories than are looked at");
          break;
        }
        below.emplace_back(name);
      }
      errno = 0;
    }
    if (errno != 0) stop("a directory in it cannot be listed");
    return true;
  }

  // True for a directory.
  bool look(const UniqueFd& directory, const std::string& path, const dirent& entry) {
    if (entry.d_type == DT_DIR) return true;
    if (entry.d_type != DT_REG && entry.d_type != DT_UNKNOWN) return false;
    if (!mounts_.empty() && mounts_.contains(fmt::format("{}/{}", path, entry.d_name))) return false;
    struct stat status = {};
    if (::fstatat(directory.get(), entry.d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
      if (errno != ENOENT) stop("a file in it cannot be looked at");
      return false;
    }
    if (S_ISDIR(status.st_mode)) return true;
    if (!S_ISREG(status.st_mode)) return false;
    if ((status.st_mode & (S_ISUID | S_ISGID)) != 0) {
      ++total_;
      set_id_.emplace(to_utf8(path + "/" + entry.d_name), status.st_mode & 07777U);
      if (set_id_.size() > kMostSetId) set_id_.erase(std::prev(set_id_.end()));
    }
    const std::string_view parent = base_name(path);
    if (is_program(status) && (parent == "bin" || parent == "sbin")) {
      if (Paths* paths = found_.of(entry.d_name)) keep(*paths, to_utf8(path + "/" + entry.d_name));
    }
    return false;
  }

  Context& context_;
  std::chrono::steady_clock::time_point end_;
  const Paths& mounts_;
  Programs& found_;
  facts::RootFilesystem& out_;
  dev_t device_ = 0;
  bool over_ = false;
  std::uint64_t seen_ = 0;
  std::uint32_t total_ = 0;
  std::size_t held_ = 0;
  std::set<std::pair<std::string, std::uint32_t>> set_id_;
};

// A mount over programs or over a folder that has them, which hides what the image itself has there.
std::string covered_place(const Paths& mounts) {
  const auto at_or_above = [](std::string_view mount, std::string_view place) {
    return place.starts_with(mount) && (place.size() == mount.size() || place[mount.size()] == '/');
  };
  Programs names;
  for (const std::string& mount : mounts) {
    const std::size_t slash = mount.rfind('/');
    const bool program =
        slash != std::string::npos && names.of(std::string_view(mount).substr(slash + 1)) != nullptr;
    for (const std::string_view place : kProgramPlaces) {
      if (at_or_above(mount, place) || (program && std::string_view(mount).substr(0, slash) == place))
        return mount;
    }
  }
  return {};
}

// What the containers of several namespaces have, as one. Where one of them could not be looked at, the whole
// is not complete.
void join(facts::RootFilesystem& all, const facts::RootFilesystem& one) {
  const bool first = all.files_seen() == 0 && !all.read() && all.error().empty();
  const bool complete = one.complete() && (first || all.complete());
  const auto unite = [](auto& into, const auto& from) {
    Paths paths(into.begin(), into.end());
    for (const std::string& path : from) keep(paths, path);
    into.Assign(paths.begin(), paths.end());
  };
  unite(*all.mutable_shells(), one.shells());
  unite(*all.mutable_package_managers(), one.package_managers());
  unite(*all.mutable_tools(), one.tools());
  std::map<std::string, facts::File> set_id;
  for (const auto* files : {&all.set_id_files(), &one.set_id_files()}) {
    for (const facts::File& file : *files) set_id.emplace(file.path(), file);
  }
  all.set_set_id_total(
      std::max({all.set_id_total(), one.set_id_total(), static_cast<std::uint32_t>(set_id.size())}));
  all.clear_set_id_files();
  for (auto& [path, file] : set_id) {
    if (std::cmp_less(all.set_id_files_size(), kMostSetId)) *all.add_set_id_files() = std::move(file);
  }
  if (all.os_name().empty()) all.set_os_name(one.os_name());
  if (all.error().empty()) all.set_error(one.error());
  all.set_files_seen(all.files_seen() + one.files_seen());
  all.set_read(all.read() || one.read());
  all.set_complete(complete);
}

void read_os_release(const RootView& root, facts::RootFilesystem& out) {
  for (const char* path : {"/etc/os-release", "/usr/lib/os-release"}) {
    if (const auto text = root.read(path, kSmallFile)) {
      out.set_os_name(parse_os_release(*text)["PRETTY_NAME"]);
      return;
    }
  }
}

}  // namespace

void look_through_root(Context& context, const ContainerRoot& root, std::chrono::steady_clock::time_point end,
                       facts::RootFilesystem& out) {
  out.set_read(true);
  read_os_release(root.view, out);
  Programs found;
  look_in_places(root.view, found);
  Walk(context, end, root.mounts, found, out).run(root.view);
  if (const std::string path = covered_place(root.mounts); !path.empty()) {
    out.set_complete(false);
    if (out.error().empty())
      out.set_error("a volume mounted at " + to_utf8(path) + " hides programs of its image");
  }
  for (const std::string& path : found.shells) out.add_shells(path);
  for (const std::string& path : found.managers) out.add_package_managers(path);
  for (const std::string& path : found.tools) out.add_tools(path);
}

RootfsWalks::RootfsWalks(Context& context)
    : context_(context), end_of_all_(context.now() + context.limits().walk_total) {}

void RootfsWalks::look(const std::map<std::string_view, std::vector<int>>& users,
                       facts::RootFilesystem& out) {
  if (users.empty()) return look_at_one({}, out);
  for (const auto& [ns, pids] : users) {
    facts::RootFilesystem one;
    look_at_one(pids, one);
    join(out, one);
  }
}

void RootfsWalks::look_at_one(const std::vector<int>& pids, facts::RootFilesystem& out) {
  out.set_error("no running container of it has a process that can be looked at");
  for (const int pid : pids) {
    const auto root = container_root(context_, pid);
    if (!root) {
      out.set_error(root.error().message);
      continue;
    }
    out.clear_error();
    const auto end = std::min(end_of_all_, context_.now() + context_.limits().walk_time);
    return look_through_root(context_, *root, end, out);
  }
}

}  // namespace baseline::runner
