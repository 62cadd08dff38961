#include "node-runner/context.h"

#include <algorithm>
#include <utility>

#include <sys/stat.h>

#include "baseline/facts/schema.h"
#include "node-runner/parse_etc.h"
#include "node-runner/text.h"
#include "node-runner/utf8.h"

namespace baseline::runner {
namespace {

using base::ErrorCode;
using base::fail;

std::string_view type_name(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return "file";
    case S_IFDIR:
      return "directory";
    case S_IFIFO:
      return "fifo";
    case S_IFSOCK:
      return "socket";
    case S_IFCHR:
    case S_IFBLK:
      return "device";
    default:
      return "other";
  }
}

std::string name_of(const std::map<std::uint32_t, std::string>& names, std::uint32_t id) {
  const auto it = names.find(id);
  return it == names.end() ? std::string() : it->second;
}

bool has_certificate_name(std::string_view path) {
  return path.ends_with(".crt") || path.ends_with(".pem") || path.ends_with(".cer") ||
         path.ends_with(".cert");
}

}  // namespace

Context::Context(const RootView& host, const Limits& limits, const base::Clock& clock)
    : host_(host),
      limits_(limits),
      clock_(clock),
      deadline_(clock.steady() + limits.time),
      own_{{limits.total_bytes, limits.files}, false} {
  const auto load = [this](const char* path, std::map<std::uint32_t, std::string>& names) {
    const auto text = read(kHost, path, limits_.file_bytes);
    if (text) {
      names = parse_ids(*text);
    } else {
      error("host", path, text.error().message);
    }
  };
  load("/etc/passwd", users_);
  load("/etc/group", groups_);
}

void Context::add_viewer(int pid, base::Result<RootView> root) {
  viewers_.emplace(pid, std::move(root));
}

base::Result<const RootView*> Context::view(int viewer) const {
  const auto it = viewers_.find(viewer);
  if (it == viewers_.end()) return &host_;
  if (!it->second)
    return fail(ErrorCode::kForbidden,
                "the root of its process cannot be opened: " + it->second.error().message);
  return &*it->second;
}

base::Result<void> Context::spend(std::size_t bytes) {
  if (clock_.steady() > deadline_) return fail(ErrorCode::kLimit, "the time for one collection is over");
  std::size_t& left = allowance_->left.bytes;
  if (bytes > left) {
    left = 0;
    return fail(ErrorCode::kLimit, "more was to be read than one collection reads");
  }
  left -= bytes;
  return {};
}

void Context::fill(facts::File& file, const Found& found) {
  file.set_presence(facts::PRESENT);
  file.set_type(std::string(type_name(found.status.st_mode)));
  file.set_mode(found.status.st_mode & 07777U);
  file.set_uid(found.status.st_uid);
  file.set_gid(found.status.st_gid);
  file.set_owner(name_of(users_, found.status.st_uid));
  file.set_group(name_of(groups_, found.status.st_gid));
  if (S_ISREG(found.status.st_mode)) file.set_size(static_cast<std::uint64_t>(found.status.st_size));
  if (found.target != file.path()) file.set_target(to_utf8(found.target));
}

const facts::File& Context::look(int viewer, const std::string& path, const std::string& location) {
  const auto known = files_.find({viewer, path});
  if (known != files_.end()) return known->second;
  facts::File file;
  file.set_path(to_utf8(path));
  file.set_viewer(viewer);
  file.set_presence(facts::UNREADABLE);
  const base::Result<void> allowed = spend(0);
  if (allowance_->left.files == 0) {
    file.set_error(allowed ? "more files than one collection looks at" : allowed.error().message);
    error("files", "limits", file.error());
    // Beyond the bound nothing more is kept: the last answer given serves for the rest.
    return files_.insert_or_assign({kHost, std::string()}, std::move(file)).first->second;
  }
  --allowance_->left.files;
  const auto root = view(viewer);
  if (!allowed) {
    file.set_error(allowed.error().message);
    error("files", "limits", file.error());
  } else if (!root) {
    file.set_error(root.error().message);
  } else if (!path.starts_with('/') && !location.starts_with('/')) {
    file.set_error("it is a relative path, and the working directory of its process is not known");
    error("files", path, file.error());
  } else if (const auto found = (*root)->find(location.empty() ? path : location)) {
    fill(file, *found);
  } else if (found.error().code == ErrorCode::kNotFound) {
    file.set_presence(facts::ABSENT);
  } else {
    file.set_error(found.error().message);
    error("files", path, found.error().message);
  }
  return files_.emplace(std::pair(viewer, path), std::move(file)).first->second;
}

bool Context::same_on_host(int viewer, const std::string& path) const {
  const auto root = view(viewer);
  if (!root) return false;
  const auto seen = (*root)->find(path);
  const auto host = host_.find(path);
  return seen && host && seen->status.st_dev == host->status.st_dev &&
         seen->status.st_ino == host->status.st_ino;
}

base::Result<Listing> Context::names(int viewer, const std::string& path) {
  if (auto allowed = spend(0); !allowed) return std::unexpected(allowed.error());
  const auto root = view(viewer);
  if (!root) return std::unexpected(root.error());
  return (*root)->list(path, limits_.directory_entries);
}

void Context::descend(facts::Directory& directory, int viewer, const std::string& path, std::size_t depth) {
  const auto listing = names(viewer, path);
  const auto incomplete = [&](std::string_view reason) {
    directory.set_complete(false);
    if (directory.error().empty()) directory.set_error(std::string(reason));
    error("files", path, reason);
  };
  if (!listing) return incomplete(listing.error().message);
  if (!listing->complete) incomplete("more entries than one directory's listing holds");
  for (const std::string& name : listing->names) {
    if (static_cast<std::size_t>(directory.entries_size()) >= limits_.directory_entries) {
      return incomplete("more entries than one directory's listing holds");
    }
    const std::string child = join_path(path, name);
    const auto root = view(viewer);
    // A link to a directory is an entry, not a way on: no circle can arise.
    const auto found = root ? (*root)->find(child, false) : std::unexpected(root.error());
    if (found && S_ISDIR(found->status.st_mode)) {
      if (!directory.recursive()) continue;
      look(viewer, child);  // the folder's own mode and owner are judged as well
      if (depth == 0) {
        incomplete("directories nested deeper than is looked at");
      } else {
        descend(directory, viewer, child, depth - 1);
      }
      continue;
    }
    if (look(viewer, child).presence() == facts::UNREADABLE) directory.set_complete(false);
    directory.add_entries(to_utf8(child));
    if (has_certificate_name(child)) note_certificates(viewer, child);
  }
}

const facts::Directory& Context::list(int viewer, const std::string& path, bool recursive) {
  const auto known = directories_.find({viewer, path});
  if (known != directories_.end()) return known->second;
  facts::Directory directory;
  directory.set_path(to_utf8(path));
  directory.set_viewer(viewer);
  directory.set_recursive(recursive);
  const facts::File& file = look(viewer, path);
  directory.set_presence(file.presence());
  directory.set_error(file.error());
  if (file.presence() == facts::PRESENT) {
    directory.set_complete(true);
    if (file.type() == "directory") {
      descend(directory, viewer, path, limits_.directory_depth);
      std::sort(directory.mutable_entries()->begin(), directory.mutable_entries()->end());
    } else {
      directory.set_complete(false);
      directory.set_error("it is not a directory");
    }
  }
  return directories_.emplace(std::pair(viewer, path), std::move(directory)).first->second;
}

base::Result<std::string> Context::read(int viewer, const std::string& path, std::size_t max_bytes) {
  if (auto allowed = spend(0); !allowed) return std::unexpected(allowed.error());
  const auto root = view(viewer);
  if (!root) return std::unexpected(root.error());
  auto text = (*root)->read(path, std::min(max_bytes, allowance_->left.bytes));
  if (!text) return text;
  if (auto allowed = spend(text->size()); !allowed) return std::unexpected(allowed.error());
  return text;
}

bool Context::exists(int viewer, const std::string& path) {
  const auto root = view(viewer);
  return root && (*root)->find(path).has_value();
}

void Context::note_certificates(int viewer, const std::string& path) {
  if (!certificate_files_taken_.contains({viewer, path})) certificate_files_.emplace(viewer, path);
}

std::set<std::pair<int, std::string>> Context::take_certificate_files() {
  certificate_files_taken_.insert(certificate_files_.begin(), certificate_files_.end());
  return std::exchange(certificate_files_, {});
}

void Context::error(std::string_view table, std::string_view subject, std::string_view reason) {
  if (allowance_->quiet) return;
  if (!reported_.emplace(table, subject).second) return;
  facts::CollectionError& error = *facts_.add_errors();
  error.set_table(std::string(table));
  error.set_subject(to_utf8(subject));
  error.set_reason(std::string(reason));
}

facts::NodeFacts Context::finish() {
  facts_.set_schema_version(facts::kSchemaVersion);
  for (auto& [key, file] : files_) *facts_.add_files() = std::move(file);
  for (auto& [key, directory] : directories_) *facts_.add_directories() = std::move(directory);
  files_.clear();
  directories_.clear();
  sort_tables(facts_);
  return std::move(facts_);
}

}  // namespace baseline::runner
