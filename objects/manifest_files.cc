#include "objects/manifest_files.h"

#include <algorithm>
#include <set>
#include <system_error>

#include <fmt/format.h>

namespace baseline::objects {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;

constexpr int kDeepestFolder = 32;

bool is_manifest(const fs::path& path) {
  const fs::path ending = path.extension();
  return ending == ".yaml" || ending == ".yml" || ending == ".json";
}

bool is_inside(const fs::path& file, const fs::path& folder) {
  const auto [end, unused] = std::ranges::mismatch(folder, file);
  return end == folder.end();
}

class Search {
 public:
  explicit Search(std::size_t max_files) : max_files_(max_files) {}

  void start(const fs::path& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status)) {
      return add_error(ErrorCode::kNotFound, path,
                       error && error != std::errc::no_such_file_or_directory
                           ? error.message()
                           : "there is no such file or folder");
    }
    if (!fs::is_directory(status)) return add_file(path);
    root_ = fs::canonical(path, error);
    const std::size_t before = found_.files.size() + found_.errors.size() + repeated_;
    walk(path, 0);
    if (found_.files.size() + found_.errors.size() + repeated_ == before) {
      add_error(ErrorCode::kNotFound, path, "there is no *.yaml, *.yml or *.json in this folder");
    }
  }

  ManifestFiles take() { return std::move(found_); }

 private:
  void walk(const fs::path& folder, int depth) {
    if (depth > kDeepestFolder) {
      return add_error(ErrorCode::kLimit, folder,
                       fmt::format("folders nested deeper than {} are not read", kDeepestFolder));
    }
    std::error_code error;
    std::vector<fs::path> entries;
    fs::directory_iterator at(folder, error);
    while (!error && at != fs::directory_iterator()) {
      entries.push_back(at->path());
      at.increment(error);
    }
    if (error) add_error(ErrorCode::kForbidden, folder, "the folder cannot be listed: " + error.message());
    std::ranges::sort(entries);
    for (const fs::path& entry : entries) visit(entry, depth);
  }

  void visit(const fs::path& entry, int depth) {
    std::error_code error;
    if (fs::is_symlink(fs::symlink_status(entry, error))) return visit_link(entry);
    if (fs::is_directory(fs::status(entry, error))) return walk(entry, depth + 1);
    if (is_manifest(entry)) add_file(entry);
  }

  // A folder that a link leads to inside the same folder is met by itself.
  void visit_link(const fs::path& link) {
    std::error_code error;
    const fs::path target = fs::canonical(link, error);
    const bool folder = !error && fs::is_directory(target, error);
    if (!folder && !is_manifest(link)) return;
    if (target.empty()) {
      add_error(ErrorCode::kNotFound, link, "the link leads nowhere");
    } else if (!is_inside(target, root_)) {
      add_error(
          ErrorCode::kInvalid, link,
          "the link leads out of the folder and is not followed; name what it leads to as a path of its own");
    } else if (!folder) {
      add_file(link);
    }
  }

  void add_file(const fs::path& path) {
    std::error_code error;
    if (!seen_.insert(fs::canonical(path, error)).second) {
      ++repeated_;
    } else if (found_.files.size() < max_files_) {
      found_.files.push_back(path);
    } else if (!full_) {
      full_ = true;
      add_error(ErrorCode::kLimit, path,
                fmt::format("more than {} files are not read; name fewer folders", max_files_));
    }
  }

  void add_error(ErrorCode code, const fs::path& path, std::string message) {
    found_.errors.push_back({code, std::move(message), path.string()});
  }

  std::size_t max_files_;
  ManifestFiles found_;
  fs::path root_;
  std::set<fs::path> seen_;
  std::size_t repeated_ = 0;
  bool full_ = false;
};

}  // namespace

ManifestFiles find_manifests(const std::vector<fs::path>& paths, std::size_t max_files) {
  Search search(max_files);
  for (const fs::path& path : paths) search.start(path);
  return search.take();
}

}  // namespace baseline::objects
