#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <sys/stat.h>

#include "base/error.h"
#include "node-runner/unique_fd.h"

namespace baseline::runner {

// Something found below a root, opened with O_PATH: it can be looked at, nothing has been read.
struct Found {
  UniqueFd fd;
  struct stat status = {};
  std::string target;  // canonical path inside the root when symbolic links were followed, else empty
};

struct Listing {
  std::vector<std::string> names;  // sorted by byte
  bool complete = true;            // false: more entries than the bound
};

struct Text {
  std::string bytes;
  bool complete = true;  // false: more bytes than the bound
};

// A directory as the root of every lookup. Absolute paths, absolute symbolic links and ".." end inside it,
// whatever a hostile owner of the tree lays out; magic links of procfs are never followed. Only regular files
// are opened for reading: a fifo, socket or device is never more than looked at. Paths may begin with "/" or
// not.
//
// Errors: kNotFound (no such path, or its process is gone), kForbidden, kLimit (larger than the bound),
// kInvalid (not a regular file or not a directory, a circle of links), kUnavailable (anything else the kernel
// answers). Messages name no path. Const members may be called from any thread.
class RootView {
 public:
  static base::Result<RootView> open(const std::string& directory);

  // `follow_last`: false looks at a symbolic link itself.
  base::Result<Found> find(std::string_view path, bool follow_last = true) const;
  // The whole file; kLimit when it is larger than `max_bytes`.
  base::Result<std::string> read(std::string_view path, std::size_t max_bytes) const;
  // Its first `max_bytes`.
  base::Result<Text> read_prefix(std::string_view path, std::size_t max_bytes) const;
  base::Result<Listing> list(std::string_view path, std::size_t max_entries) const;
  // A regular file opened for reading, for what reads a part of it by position; `status` as it was looked at.
  struct File {
    UniqueFd fd;
    struct stat status = {};
  };
  base::Result<File> open_file(std::string_view path) const;
  // A directory opened for reading.
  base::Result<UniqueFd> open_directory(std::string_view path) const;
  // The text of a symbolic link, a magic one included.
  base::Result<std::string> read_link(std::string_view path) const;
  // A directory below this one as a root of its own.
  base::Result<RootView> below(std::string_view path) const;
  // The root directory of the process whose /proc/PID directory this view is: the one magic link that is
  // followed.
  base::Result<RootView> follow_process_root() const;

  // From now on nothing is entered or looked at that stands at or below these paths, written as a walk
  // without links would: there something else is mounted, which may never answer. kUnavailable.
  void close(std::set<std::string> mounts) { closed_ = std::move(mounts); }

  // Whether the directory itself is procfs.
  bool is_procfs() const;
  bool same_directory(const RootView& other) const;

 private:
  explicit RootView(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
  std::set<std::string> closed_;
};

}  // namespace baseline::runner
