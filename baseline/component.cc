#include "baseline/component.h"

#include <algorithm>
#include <array>

#include "base/embedded.h"
#include "baseline/standard_loader.h"

namespace baseline {
namespace embedded {
extern const std::span<const File> component_files;
}

const SettingSpec* Component::setting(std::string_view wanted) const {
  const auto it = std::ranges::lower_bound(settings, wanted, std::less<>(), &SettingSpec::name);
  return it != settings.end() && it->name == wanted ? &*it : nullptr;
}

const FeatureGate* Component::gate(std::string_view wanted) const {
  const auto it = std::ranges::find(gates, wanted, &FeatureGate::name);
  return it == gates.end() ? nullptr : &*it;
}

const base::Value* at_version(const std::vector<VersionedValue>& values,
                              const std::optional<Version>& version) {
  if (values.empty()) return nullptr;
  if (values.size() == 1) return &values.front().value;  // one value for every version that is known of
  if (!version) {
    const bool same =
        std::ranges::all_of(values, [&](const VersionedValue& v) { return v.value == values.front().value; });
    return same ? &values.front().value : nullptr;
  }
  const base::Value* in_force = nullptr;
  for (const VersionedValue& candidate : values) {
    if (candidate.from <= *version) in_force = &candidate.value;
  }
  return in_force;
}

ComponentTables::ComponentTables(std::vector<Component> components) : components_(std::move(components)) {
  std::ranges::sort(components_, std::less<>(), &Component::name);
}

const Component* ComponentTables::find(std::string_view name) const {
  const auto it = std::ranges::lower_bound(components_, name, std::less<>(), &Component::name);
  return it != components_.end() && it->name == name ? &*it : nullptr;
}

std::vector<StandardFile> built_in_component_files() {
  std::vector<StandardFile> files;
  for (const embedded::File& file : embedded::component_files) {
    files.push_back({"components/" + std::string(file.name), std::string(file.content)});
  }
  return files;
}

const ComponentTables& built_in_components() {
  static const ComponentTables tables = [] {
    auto loaded = load_components(built_in_component_files());
    return loaded ? std::move(*loaded) : ComponentTables({});  // a test holds the tables free of mistakes
  }();
  return tables;
}

}  // namespace baseline
