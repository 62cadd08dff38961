#include "baseline/cluster/node_inventory.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "baseline/cluster/object_check.h"

namespace baseline::cluster {
namespace {

// Facts without containers say why in the errors of one of these tables.
constexpr std::array<std::string_view, 3> kTables{"containers", "images", "runtimes"};

std::optional<Phrase> why_unknown(const NodeView& view) {
  if (view.facts().containers_known()) return std::nullopt;
  for (const std::string_view table : kTables) {
    if (const facts::CollectionError* error = view.error(table)) {
      return phrase("node.containers-unread", error->subject(), error->reason());
    }
  }
  return phrase("node.containers-unknown");
}

}  // namespace

NodeInventory::NodeInventory(const NodeView& view, const NodeContext& context)
    : view_(view), context_(context), unknown_(why_unknown(view)) {
  scope_.include_namespaces = context.include_namespaces;
  scope_.exclude_namespaces = context.exclude_namespaces;
  for (const facts::Image& image : view.facts().images()) by_id_.emplace(image.id(), &image);

  // One entry for each image; of an image that the facts lack, one for each name.
  std::map<std::string, ImageUse> uses;
  std::map<std::string, std::set<std::pair<std::string_view, std::string_view>>> pods;
  for (const facts::Container& container : view.facts().containers()) {
    if (!covers(container.namespace_())) continue;
    containers_.emplace(Key(container.namespace_(), container.pod(), container.name()), &container);
    const facts::Image* known = image(container);
    const std::string key = known ? known->id() : "/" + container.image() + "/" + container.image_id();
    ImageUse& use = uses[key];
    use.image = known;
    use.containers.push_back(&container);
    pods[key].emplace(container.namespace_(), container.pod());
    use.pods = static_cast<int>(pods[key].size());
    use.name = known && known->names_size() > 0 ? known->names(0) : known ? known->id() : container.image();
    if (use.name.empty()) use.name = container.image_id();
  }
  for (auto& [key, use] : uses) images_.push_back(std::move(use));
  std::ranges::sort(images_, {}, &ImageUse::name);
}

const facts::Image* NodeInventory::image(const facts::Container& container) const {
  const auto it = container.image_id().empty() ? by_id_.end() : by_id_.find(container.image_id());
  return it == by_id_.end() ? nullptr : it->second;
}

const facts::Container* NodeInventory::container(const Pod& pod, const std::string& name) const {
  const std::string_view uid = uid_on_node(pod);
  const facts::Container* unnamed = nullptr;  // the first whose pod is known by name alone
  const auto [begin, end] = containers_.equal_range(Key(pod.metadata.ns, pod.metadata.name, name));
  for (auto it = begin; it != end; ++it) {
    const facts::Container* one = it->second;
    if (!uid.empty() && one->pod_uid() == uid) return one;
    if (!unnamed && (uid.empty() || one->pod_uid().empty())) unnamed = one;
  }
  return unnamed;
}

}  // namespace baseline::cluster
