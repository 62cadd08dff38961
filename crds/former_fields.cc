#include "crds/former_fields.h"

#include <algorithm>
#include <array>

#include "base/yaml.h"

namespace baseline::crds {
namespace {

using base::Value;

constexpr std::string_view kLastApplied = "kubectl.kubernetes.io/last-applied-configuration";
constexpr std::size_t kMostApplied = std::size_t{64} << 10U;  // a scan's manifest is far below

constexpr std::array<std::array<std::string_view, 3>, 1> kFormer{{{"spec", "runner", "image"}}};

bool has(const Value& object, const std::array<std::string_view, 3>& field, std::string_view prefix) {
  const Value* at = &object;
  for (const std::string_view key : field) {
    at = at->find(std::string(prefix) + std::string(key));
    if (!at) return false;
  }
  return true;
}

// The manifest that kubectl applied last; null for none.
Value last_applied(const Value& metadata) {
  const std::string& text = metadata["annotations"][kLastApplied].as_string();
  if (text.empty() || text.size() > kMostApplied) return {};
  return base::parse_yaml(text, "").value_or(Value());
}

}  // namespace

std::vector<std::string> former_fields(const Value& scan) {
  const Value& metadata = scan["metadata"];
  const Value applied = last_applied(metadata);
  std::vector<std::string> paths;
  for (const auto& field : kFormer) {
    // Other managers than those of server-side apply are not asked: their record keeps a field for ever that
    // the server took out.
    const bool managed = std::ranges::any_of(metadata["managedFields"].items(), [&](const Value& manager) {
      return manager["operation"].as_string() == "Apply" && has(manager["fieldsV1"], field, "f:");
    });
    if (!managed && !has(scan, field, "") && !has(applied, field, "")) continue;
    std::string path;
    for (const std::string_view key : field) path += (path.empty() ? "" : ".") + std::string(key);
    paths.push_back(std::move(path));
  }
  return paths;
}

}  // namespace baseline::crds
