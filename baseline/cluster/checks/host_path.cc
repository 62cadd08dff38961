#include "baseline/cluster/checks/host_path.h"

#include <algorithm>
#include <utility>

namespace baseline::cluster {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Of "C:\var" the drive is left out: the lists of paths know none.
std::string with_slashes(std::string_view path) {
  if (path.size() >= 2 && is_letter(path[0]) && path[1] == ':') path.remove_prefix(2);
  std::string out(path);
  std::ranges::replace(out, '\\', '/');
  return out;
}

}  // namespace

std::string normal_path(std::string_view path) {
  const std::string plain = with_slashes(path);
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= plain.size();) {
    const std::size_t end = std::min(plain.find('/', begin), plain.size());
    const std::string_view part = std::string_view(plain).substr(begin, end - begin);
    if (part == "..") {
      if (!parts.empty()) parts.pop_back();
    } else if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
    begin = end + 1;
  }
  if (parts.size() >= 2 && parts[0] == "var" && parts[1] == "run") parts.erase(parts.begin());
  std::string out;
  for (const std::string_view part : parts) out.append("/").append(part);
  return out.empty() ? "/" : out;
}

bool is_within(std::string_view inner, std::string_view outer) {
  if (outer == "/" || inner == outer) return true;
  return inner.size() > outer.size() && inner.starts_with(outer) && inner[outer.size()] == '/';
}

const std::string* first_contained(const std::string& path, const std::vector<std::string>& paths) {
  const auto it = std::ranges::find_if(paths, [&](const std::string& one) { return is_within(one, path); });
  return it == paths.end() ? nullptr : &*it;
}

const std::string* first_touched(const std::string& path, const std::vector<std::string>& paths) {
  const auto it = std::ranges::find_if(paths, [&](const std::string& one) { return is_within(path, one); });
  return it == paths.end() ? first_contained(path, paths) : &*it;
}

std::vector<std::string> normal_paths(const std::vector<std::string>& paths) {
  std::vector<std::string> out;
  for (const std::string& path : paths) {
    if (!path.empty()) out.push_back(normal_path(path));
  }
  return out;
}

const Volume* host_path_volume(const Pod& pod, std::string_view name) {
  const auto it = std::ranges::find_if(
      pod.volumes, [&](const Volume& one) { return one.is_host_path && one.name == name; });
  return it == pod.volumes.end() ? nullptr : &*it;
}

}  // namespace baseline::cluster
