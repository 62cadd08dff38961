#include "baseline/cluster/image_reference.h"

#include <algorithm>

namespace baseline::cluster {
namespace {

constexpr std::string_view kDockerHub = "docker.io";
constexpr std::size_t kHexOfSha256 = 64;

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_id(std::string_view text) {
  return text.starts_with("sha256:") || (text.size() == kHexOfSha256 && is_hex(text));
}

std::string_view without_scheme(std::string_view text) {
  const std::size_t scheme = text.find("://");
  return scheme == std::string_view::npos ? text : text.substr(scheme + 3);
}

// The first part of a name is a registry only when it cannot be an account of Docker Hub.
bool is_host(std::string_view part) {
  return part == "localhost" || part.find_first_of(".:") != std::string_view::npos;
}

std::string host_name(std::string_view part) {
  std::string host(part);
  std::ranges::transform(host, host.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return host == "index.docker.io" || host == "registry-1.docker.io" ? std::string(kDockerHub) : host;
}

struct Name {
  std::string host;
  std::string_view path;
};

Name split(std::string_view name) {
  const std::size_t slash = name.find('/');
  const std::string_view first = name.substr(0, slash);
  if (slash == std::string_view::npos || !is_host(first)) return {std::string(kDockerHub), name};
  return {host_name(first), name.substr(slash + 1)};
}

// An entry as repository_of would write it; empty for none.
std::string prefix_of(std::string_view entry) {
  entry = without_scheme(entry);
  while (entry.ends_with('/')) entry.remove_suffix(1);
  if (entry.empty()) return {};
  if (entry.find('/') == std::string_view::npos) {
    return is_host(entry) ? host_name(entry) : std::string(kDockerHub) + "/library/" + std::string(entry);
  }
  const Name name = split(entry);
  return name.host + "/" + std::string(name.path);
}

}  // namespace

std::optional<std::string> repository_of(std::string_view reference) {
  reference = without_scheme(reference);
  if (reference.empty() || is_id(reference)) return std::nullopt;
  reference = reference.substr(0, reference.find('@'));
  const std::size_t slash = reference.rfind('/');
  const std::size_t tag = reference.find(':', slash == std::string_view::npos ? 0 : slash);
  const Name name = split(reference.substr(0, tag));
  if (name.path.empty()) return std::nullopt;
  const bool official = name.host == kDockerHub && name.path.find('/') == std::string_view::npos;
  return name.host + (official ? "/library/" : "/") + std::string(name.path);
}

bool in_registries(const std::string& repository, const std::vector<std::string>& registries) {
  return std::ranges::any_of(registries, [&](const std::string& entry) {
    const std::string prefix = prefix_of(entry);
    if (prefix.empty() || !repository.starts_with(prefix)) return false;
    return repository.size() == prefix.size() || repository[prefix.size()] == '/';
  });
}

}  // namespace baseline::cluster
