#include "node-runner/root_view.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <system_error>

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>

namespace baseline::runner {
namespace {

using base::ErrorCode;
using base::fail;

constexpr int kMaxLinks = 40;
constexpr std::size_t kMaxPath = 4096;

std::unexpected<base::Error> fail_errno(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
    case ESRCH:
      return fail(ErrorCode::kNotFound, "no such file or directory");
    case EACCES:
    case EPERM:
      return fail(ErrorCode::kForbidden, "permission denied");
    case ELOOP:
      return fail(ErrorCode::kInvalid, "its symbolic links lead in a circle");
    case ENAMETOOLONG:
      return fail(ErrorCode::kInvalid, "the path is too long");
    default:
      return fail(ErrorCode::kUnavailable, std::generic_category().message(error));
  }
}

// Opens again, for reading, what an O_PATH descriptor stands for. That the descriptor's own entry is missing
// means that this process has no /proc, never that the file does not exist.
base::Result<UniqueFd> reopen(const UniqueFd& fd, int flags) {
  const std::string path = "/proc/self/fd/" + std::to_string(fd.get());
  UniqueFd opened(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | flags));
  if (opened.valid()) return opened;
  if (errno == ENOENT || errno == ENOTDIR) {
    return fail(ErrorCode::kUnavailable, "it cannot be opened, because /proc is not mounted");
  }
  return fail_errno(errno);
}

// Puts a path's components on the pending stack, the first on top.
void push_components(std::string_view path, std::vector<std::string>& pending) {
  while (!path.empty()) {
    const std::size_t slash = path.rfind('/');
    const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
    if (!name.empty() && name != ".") pending.emplace_back(name);
    path = slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
  }
}

base::Result<std::string> link_text(int directory, const char* name) {
  std::array<char, kMaxPath> buffer{};
  const ssize_t size = ::readlinkat(directory, name, buffer.data(), buffer.size());
  if (size < 0) return fail_errno(errno);
  return std::string(buffer.data(), static_cast<std::size_t>(size));
}

// One step of a walk: what the name stands for, or the text of the link that it is.
struct Step {
  UniqueFd fd;
  std::string link;
};

// On the way: a directory. That it must be one is also what makes the kernel mount what is mounted on demand.
base::Result<Step> step_on(int directory, const char* name) {
  UniqueFd fd(::openat(directory, name, O_PATH | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC));
  if (fd.valid()) return Step{std::move(fd), {}};
  if (errno != ENOTDIR) return fail_errno(errno);
  auto text = link_text(directory, name);
  if (!text) return fail_errno(ENOTDIR);  // neither a directory nor a link
  return Step{{}, std::move(*text)};
}

// At the end: anything.
base::Result<Step> step_last(int directory, const char* name, bool follow) {
  UniqueFd fd(::openat(directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
  struct stat status = {};
  if (!fd.valid() || ::fstat(fd.get(), &status) != 0) return fail_errno(errno);
  if (!follow || !S_ISLNK(status.st_mode)) return Step{std::move(fd), {}};
  auto text = link_text(fd.get(), "");
  if (!text) return std::unexpected(text.error());
  return Step{{}, std::move(*text)};
}

std::string canonical(const std::vector<std::string>& names) {
  std::string path;
  for (const std::string& name : names) path += "/" + name;
  return path;
}

bool plain_name(std::string_view path) {
  return !path.empty() && path.find('/') == std::string_view::npos && path != "." && path != "..";
}

}  // namespace

base::Result<RootView> RootView::open(const std::string& directory) {
  UniqueFd fd(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid()) return fail_errno(errno);
  return RootView(std::move(fd));
}

// By hand, name by name: openat2 with RESOLVE_IN_ROOT would do most of it in one call, but it does not name
// what links lead to, and a seccomp filter has to refuse it, because it cannot see its flags. The kernel
// follows no link for us, and ".." leads back to the directory that was come through, wherever that has been
// moved meanwhile: nothing that changes during the walk leads out of the root.
base::Result<Found> RootView::find(std::string_view path, bool follow_last) const {
  if (path.size() >= kMaxPath || path.find('\0') != std::string_view::npos) return fail_errno(ENAMETOOLONG);
  std::vector<UniqueFd> open;
  std::vector<std::string> names;
  std::vector<std::string> pending;
  push_components(path, pending);
  int links = 0;
  while (!pending.empty()) {
    std::string name = std::move(pending.back());
    pending.pop_back();
    if (name == "..") {
      if (!open.empty()) {
        open.pop_back();
        names.pop_back();
      }
      continue;
    }
    if (!closed_.empty() && closed_.contains(canonical(names) + "/" + name))
      return fail(ErrorCode::kUnavailable, "something else is mounted there");
    const int directory = open.empty() ? fd_.get() : open.back().get();
    auto step =
        pending.empty() ? step_last(directory, name.c_str(), follow_last) : step_on(directory, name.c_str());
    if (!step) return std::unexpected(step.error());
    if (step->fd.valid()) {
      open.push_back(std::move(step->fd));
      names.push_back(std::move(name));
      continue;
    }
    if (++links > kMaxLinks) return fail_errno(ELOOP);
    if (step->link.starts_with('/')) {
      open.clear();
      names.clear();
    }
    push_components(step->link, pending);
  }

  Found found;
  found.fd = open.empty() ? UniqueFd(::openat(fd_.get(), ".", O_PATH | O_CLOEXEC)) : std::move(open.back());
  if (!found.fd.valid() || ::fstat(found.fd.get(), &found.status) != 0) return fail_errno(errno);
  if (links > 0) {
    found.target = names.empty() ? "/" : canonical(names);
  }
  return found;
}

base::Result<Text> RootView::read_prefix(std::string_view path, std::size_t max_bytes) const {
  const auto found = find(path);
  if (!found) return std::unexpected(found.error());
  if (!S_ISREG(found->status.st_mode)) return fail(ErrorCode::kInvalid, "it is not a regular file");
  const auto file = reopen(found->fd, 0);
  if (!file) return std::unexpected(file.error());
  Text text;
  std::string buffer;
  // Sizes in procfs are zero and any size may change: it is a hint, the end of the file decides.
  const auto hint = static_cast<std::size_t>(std::max<off_t>(found->status.st_size, 0));
  buffer.resize(std::clamp<std::size_t>(hint + 1, 4096, std::size_t{64} << 10));
  while (true) {
    const ssize_t size = ::read(file->get(), buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return fail_errno(errno);
    if (size == 0) return text;
    const std::size_t room = max_bytes - text.bytes.size();
    text.bytes.append(buffer.data(), std::min(static_cast<std::size_t>(size), room));
    if (static_cast<std::size_t>(size) > room) {
      text.complete = false;
      return text;
    }
  }
}

base::Result<std::string> RootView::read(std::string_view path, std::size_t max_bytes) const {
  auto text = read_prefix(path, max_bytes);
  if (!text) return std::unexpected(text.error());
  if (!text->complete) {
    return fail(ErrorCode::kLimit,
                "it is larger than the " + std::to_string(max_bytes) + " bytes that are read");
  }
  return std::move(text->bytes);
}

base::Result<Listing> RootView::list(std::string_view path, std::size_t max_entries) const {
  const auto found = find(path);
  if (!found) return std::unexpected(found.error());
  if (!S_ISDIR(found->status.st_mode)) return fail(ErrorCode::kInvalid, "it is not a directory");
  auto directory = reopen(found->fd, O_DIRECTORY);
  if (!directory) return std::unexpected(directory.error());
  const std::unique_ptr<DIR, decltype([](DIR* d) { ::closedir(d); })> stream(::fdopendir(directory->get()));
  if (!stream) return fail_errno(errno);
  directory->release();
  Listing listing;
  errno = 0;
  while (const dirent* entry =
             ::readdir(stream.get())) {  // NOLINT(concurrency-mt-unsafe): a stream of our own
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    if (listing.names.size() == max_entries) {
      listing.complete = false;
      break;
    }
    listing.names.emplace_back(name);
    errno = 0;
  }
  if (errno != 0) return fail_errno(errno);
  std::sort(listing.names.begin(), listing.names.end());
  return listing;
}

base::Result<RootView::File> RootView::open_file(std::string_view path) const {
  const auto found = find(path);
  if (!found) return std::unexpected(found.error());
  if (!S_ISREG(found->status.st_mode)) return fail(ErrorCode::kInvalid, "it is not a regular file");
  auto fd = reopen(found->fd, 0);
  if (!fd) return std::unexpected(fd.error());
  return File{std::move(*fd), found->status};
}

base::Result<UniqueFd> RootView::open_directory(std::string_view path) const {
  const auto found = find(path);
  if (!found) return std::unexpected(found.error());
  if (!S_ISDIR(found->status.st_mode)) return fail(ErrorCode::kInvalid, "it is not a directory");
  return reopen(found->fd, O_DIRECTORY);
}

base::Result<std::string> RootView::read_link(std::string_view path) const {
  if (plain_name(path)) return link_text(fd_.get(), std::string(path).c_str());
  const auto found = find(path, false);
  if (!found) return std::unexpected(found.error());
  if (!S_ISLNK(found->status.st_mode)) return fail(ErrorCode::kInvalid, "it is not a symbolic link");
  return link_text(found->fd.get(), "");
}

base::Result<RootView> RootView::below(std::string_view path) const {
  auto found = find(path);
  if (!found) return std::unexpected(found.error());
  if (!S_ISDIR(found->status.st_mode)) return fail(ErrorCode::kInvalid, "it is not a directory");
  return RootView(std::move(found->fd));
}

base::Result<RootView> RootView::follow_process_root() const {
  UniqueFd fd(::openat(fd_.get(), "root", O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid()) return fail_errno(errno);
  return RootView(std::move(fd));
}

bool RootView::is_procfs() const {
  struct statfs status = {};
  return ::fstatfs(fd_.get(), &status) == 0 && status.f_type == PROC_SUPER_MAGIC;
}

bool RootView::same_directory(const RootView& other) const {
  struct stat a = {};
  struct stat b = {};
  return ::fstat(fd_.get(), &a) == 0 && ::fstat(other.fd_.get(), &b) == 0 && a.st_dev == b.st_dev &&
         a.st_ino == b.st_ino;
}

}  // namespace baseline::runner
