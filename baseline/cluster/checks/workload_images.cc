#include <algorithm>
#include <string_view>

#include "baseline/cluster/checks/pod_row.h"
#include "baseline/cluster/checks/workload_checks.h"

// 5.7.1.5: image references are exact. Source: the reference grammar of the distribution project.
namespace baseline::cluster {
namespace {

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

// "sha256:0123…"
bool is_digest(std::string_view text) {
  constexpr std::size_t kFewestDigits = 32;
  const std::size_t colon = text.find(':');
  if (colon == 0 || colon == std::string_view::npos) return false;
  const std::string_view digits = text.substr(colon + 1);
  return digits.size() >= kFewestDigits && is_hex(digits);
}

// "latest" when there is none. A colon before the last slash is that of the registry's port.
std::string_view tag_of(std::string_view name) {
  const std::size_t slash = name.rfind('/');
  const std::size_t colon = name.rfind(':');
  const bool port = slash != std::string_view::npos && colon != std::string_view::npos && colon < slash;
  if (colon == std::string_view::npos || port || colon + 1 == name.size()) return "latest";
  return name.substr(colon + 1);
}

bool is_exact(std::string_view image) {
  const std::size_t at = image.find('@');
  if (at != std::string_view::npos && is_digest(image.substr(at + 1))) return true;
  if (is_digest(image)) return true;  // the id of an image that the node has
  return tag_of(image.substr(0, at)) != "latest";
}

SpecAnswer judge_image(const Sight& sight) {
  const std::string& image = sight.container->image;
  // A mutating webhook may fill it in; what it will be is not known.
  if (image.empty()) return {Status::kError, phrase("workload.image-unset")};
  return is_exact(image) ? right() : wrong("image", image);
}

constexpr PlainRow kImage{{.words = "workload.image", .linux_only = false}, judge_image};

}  // namespace

std::vector<ObjectBuiltin> pod_image_checks() {
  return {{"container-image-tags", {Kind::kPod}, {}, plain_row<kImage>}};
}

}  // namespace baseline::cluster
