#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "baseline/cluster/cluster_facts.h"
#include "baseline/cluster/objects.h"
#include "baseline/evaluate.h"
#include "baseline/facts/facts.pb.h"
#include "baseline/node_view.h"
#include "baseline/phrase.h"

namespace baseline::cluster {

// An image and the running containers that were made of it.
struct ImageUse {
  const facts::Image* image = nullptr;  // null: the facts say nothing of it
  std::string name;                     // as findings name it
  std::vector<const facts::Container*> containers;
  int pods = 0;
};

// The running containers and the images of one node, joined, and narrowed to the namespaces of the scan.
// Refers to what it was made of.
class NodeInventory {
 public:
  NodeInventory(const NodeView& view, const NodeContext& context);
  NodeInventory(const NodeInventory&) = delete;
  NodeInventory& operator=(const NodeInventory&) = delete;

  const NodeView& view() const { return view_; }
  const NodeContext& context() const { return context_; }
  bool covers(const std::string& ns) const { return scope_.covers(ns); }

  // Those that a container of the scan's namespaces uses, by name.
  const std::vector<ImageUse>& images() const { return images_; }
  const facts::Image* image(const facts::Container& container) const;
  // Null when no such container of this very pod runs, as far as the facts know: a pod's name may come back
  // with another uid. Where either side knows no uid, the name decides.
  const facts::Container* container(const Pod& pod, const std::string& name) const;
  // Why there may be running containers that the facts do not have.
  const std::optional<Phrase>& unknown() const { return unknown_; }

 private:
  using Key = std::tuple<std::string_view, std::string_view, std::string_view>;

  const NodeView& view_;
  const NodeContext& context_;
  ClusterContext scope_;  // its namespaces alone
  std::map<std::string_view, const facts::Image*> by_id_;
  std::multimap<Key, const facts::Container*> containers_;  // of one name in the order of the facts
  std::vector<ImageUse> images_;
  std::optional<Phrase> unknown_;
};

}  // namespace baseline::cluster
