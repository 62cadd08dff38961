#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "baseline/argv.h"
#include "baseline/component.h"
#include "baseline/evaluate.h"
#include "baseline/facts/facts.pb.h"
#include "baseline/lookalike.h"
#include "baseline/phrase.h"
#include "baseline/process_origin.h"
#include "baseline/version.h"

namespace baseline {

// One process of a component, with what decides about its settings read out of the facts.
struct ProcessView {
  const facts::Process* fact = nullptr;
  const Component* component = nullptr;
  int viewer = 0;  // in whose root its paths are looked up; 0: the host's
  std::optional<Version> version;
  std::vector<FlagUse> flags;

  bool config_given = false;
  std::string config_path;
  std::vector<const facts::ConfigFile*> configs;  // in the order in which they are applied

  // Why a source of settings cannot be known.
  std::optional<Phrase> flags_unknown, environment_unknown, config_unknown;
  std::optional<Phrase> defaults_unknown;  // something sets what no flag shows: what

  const FlagUse* flag(std::string_view name) const;
};

// The facts of one node, indexed for the checks. Refers to the facts, context and tables, which must outlive
// it. Whoever asks for processes asks here: only those are given that are components by where they run
// (process_origin.h), never by their name alone.
class NodeView {
 public:
  NodeView(const facts::NodeFacts& facts, const NodeContext& context, const ComponentTables& tables,
           const std::optional<std::vector<std::string>>& system_namespaces);
  NodeView(const NodeView&) = delete;
  NodeView& operator=(const NodeView&) = delete;

  const facts::NodeFacts& facts() const { return facts_; }
  const ComponentTables& tables() const { return tables_; }
  // Null when the component does not run here.
  const std::vector<ProcessView>* processes(std::string_view component) const;
  // Container runtimes included, sorted.
  std::vector<std::string> components() const { return {names_.begin(), names_.end()}; }
  bool runs_bundle(std::string_view bundle) const { return bundles_.contains(bundle); }
  // Why it is not known whether the component runs here, if so.
  std::optional<Phrase> absence_unknown(std::string_view component) const;
  // The component is not known to run here, and there is a process of its name of which it is not known where
  // it runs: why not.
  const Phrase* unplaced(std::string_view component) const;
  // A copy of a node without control groups: no process can be placed, while files can be looked at.
  bool lacks_control_groups() const { return lacks_control_groups_; }
  // What is only named like a component, and of how many processes in all; see add_lookalike().
  const std::vector<Lookalike>& lookalikes() const { return lookalikes_; }
  std::int64_t lookalikes_total() const { return lookalikes_total_; }

  // Null when the path was not looked at.
  const facts::File* file(std::string_view path, int viewer) const;
  const facts::Directory* directory(std::string_view path, int viewer) const;
  const facts::ConfigFile* config(std::string_view path, int viewer) const;
  std::vector<const facts::Certificate*> certificates(std::string_view path, int viewer) const;
  // A path of the host that was not looked at is known to be absent when a folder above it is.
  bool known_absent(std::string_view path, int viewer) const;
  // The reason of the first error of that table about that subject (empty: about anything); null when none.
  const facts::CollectionError* error(std::string_view table, std::string_view subject = {}) const;

 private:
  using Key = std::pair<int, std::string_view>;
  ProcessView view_of(const facts::Process& process, const Component& component,
                      const NodeContext& context) const;
  void find_configs(ProcessView& process) const;
  void place_processes(const NodeContext& context, const OriginRule& rule);
  void place_lookalikes(const OriginRule& rule);

  const facts::NodeFacts& facts_;
  const ComponentTables& tables_;
  bool kubelet_expected_ = false;  // the API server knows a kubelet of this node
  std::map<Key, const facts::File*> files_;
  std::map<Key, const facts::Directory*> directories_;
  std::map<Key, const facts::ConfigFile*> configs_;
  bool lacks_control_groups_ = false;
  std::map<std::string, std::vector<ProcessView>, std::less<>> processes_;
  std::map<std::string, Phrase, std::less<>> unplaced_;  // why, by component; others of it may be known
  std::set<std::string, std::less<>> names_, bundles_;
  std::vector<Lookalike> lookalikes_;
  std::int64_t lookalikes_total_ = 0;
};

}  // namespace baseline
