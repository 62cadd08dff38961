#include "base/folder.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

namespace baseline::base {
namespace {

namespace fs = std::filesystem;

Result<TextFile> read_file(const std::string& path, std::size_t limit) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return fail(ErrorCode::kNotFound, "the file cannot be opened; see its permissions", path);
  std::string text(limit + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad()) return fail(ErrorCode::kUnavailable, "the file cannot be read", path);
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > limit) {
    return fail(ErrorCode::kLimit, fmt::format("the file is larger than {} bytes", limit), path);
  }
  return TextFile{path, std::move(text)};
}

}  // namespace

Result<Folder> read_folder(const std::string& path, const FolderLimits& limits) {
  std::error_code error;
  fs::directory_iterator entries(path, error);
  if (error) {
    return fail(ErrorCode::kNotFound, fmt::format("the folder cannot be read: {}", error.message()), path);
  }
  Folder folder;
  std::vector<std::string> files;
  for (const fs::directory_iterator end; entries != end; entries.increment(error)) {
    const std::string name = entries->path().filename().string();
    std::error_code unknown;  // a link to nowhere is neither
    if (name.starts_with('.')) continue;
    if (entries->is_directory(unknown)) {
      folder.folders.push_back(entries->path().string());
    } else if (entries->is_regular_file(unknown) && (name.ends_with(".yaml") || name.ends_with(".yml"))) {
      files.push_back(entries->path().string());
    }
    if (files.size() > limits.files || folder.folders.size() > limits.files) {
      return fail(ErrorCode::kLimit,
                  fmt::format("the folder has more than {} files or folders", limits.files), path);
    }
  }
  if (error) {
    return fail(ErrorCode::kUnavailable, fmt::format("the folder cannot be read: {}", error.message()), path);
  }
  std::ranges::sort(files);
  std::ranges::sort(folder.folders);
  for (const std::string& file : files) {
    auto read = read_file(file, limits.bytes);
    if (!read) return std::unexpected(std::move(read.error()));
    folder.files.push_back(std::move(*read));
  }
  return folder;
}

}  // namespace baseline::base
