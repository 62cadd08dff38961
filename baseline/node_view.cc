#include "baseline/node_view.h"

#include <algorithm>

#include "baseline/facts/published.h"
#include "baseline/settings.h"

namespace baseline {
namespace {

std::optional<Version> version_of(const facts::Process& process, const Component& component,
                                  const NodeContext& context) {
  if (const auto own = parse_version(process.version())) return own;
  if (component.cluster_version == "kubelet") return parse_version(context.kubelet_version);
  if (component.cluster_version == "apiserver") return parse_version(context.apiserver_version);
  return std::nullopt;
}

constexpr std::int64_t kMaxPids = std::int64_t{1} << 22;  // of Linux: more is a lie

// A title set by the process itself (one word with flags in it, which does not leave the node) shows no
// argument vector.
bool is_title(const std::vector<std::string>& argv) {
  return argv.size() == 1 && (argv[0] == facts::kWithheld || argv[0].find(" -") != std::string::npos);
}

// Why a setting that is not seen need not have its default.
std::optional<Phrase> hidden_settings(const facts::Process& process, const Component& component,
                                      const std::vector<FlagUse>& flags) {
  // These compose flags of what they start in memory; microk8s and hyperkube pass on what is seen.
  for (const std::string_view bundle : {"k3s", "rke2", "openshift"}) {
    if (process.bundle() == bundle) return phrase("unknown.bundle", bundle, component.name);
  }
  for (const FlagUse& flag : flags) {
    if (flag.name.ends_with("config") && !component.setting(flag.name) &&
        !facts::published_flag(component.name, flag.name))
      return phrase("unknown.config-form", component.name, "--" + flag.name);
  }
  return std::nullopt;
}

bool is_below(std::string_view path, std::string_view folder) {
  while (folder.ends_with('/')) folder.remove_suffix(1);
  return path.starts_with(folder) && path.substr(folder.size()).starts_with('/');
}

}  // namespace

const FlagUse* ProcessView::flag(std::string_view name) const {
  const auto found = std::ranges::find(flags, name, &FlagUse::name);
  return found == flags.end() ? nullptr : &*found;
}

NodeView::NodeView(const facts::NodeFacts& facts, const NodeContext& context, const ComponentTables& tables,
                   const std::optional<std::vector<std::string>>& system_namespaces)
    : facts_(facts),
      tables_(tables),
      kubelet_expected_(!context.kubelet_version.empty()),
      lacks_control_groups_(baseline::lacks_control_groups(facts)) {
  for (const facts::File& file : facts.files()) files_.emplace(Key{file.viewer(), file.path()}, &file);
  for (const facts::Directory& one : facts.directories())
    directories_.emplace(Key{one.viewer(), one.path()}, &one);
  for (const facts::ConfigFile& one : facts.configs()) configs_.emplace(Key{one.viewer(), one.path()}, &one);
  const OriginRule rule(facts, context, tables, system_namespaces);
  place_processes(context, rule);
  place_lookalikes(rule);
}

void NodeView::place_processes(const NodeContext& context, const OriginRule& rule) {
  for (const facts::Process& process : facts_.processes()) {
    if (process.component().empty()) continue;
    Placement placement = rule.place(process);
    if (placement.standing == Standing::kUnknown) {
      unplaced_.emplace(process.component(), std::move(placement.unknown));
    } else if (placement.standing == Standing::kLookalike) {
      ++lookalikes_total_;
      add_lookalike(lookalikes_, {OriginRule::object_of(placement.pod, process.pod_uid(),
                                                        process.pod_namespace(), process.pod_name()),
                                  process.component(), 1});
    } else {
      names_.insert(process.component());
      if (!process.bundle().empty()) bundles_.insert(process.bundle());
      if (const Component* component = tables_.find(process.component()))
        processes_[component->name].push_back(view_of(process, *component, context));
    }
  }
}

void NodeView::place_lookalikes(const OriginRule& rule) {
  for (const facts::Lookalike& one : facts_.lookalikes()) {
    Placement placement = rule.place(one);
    if (placement.standing == Standing::kUnknown) {
      unplaced_.emplace(one.component(), std::move(placement.unknown));
      continue;
    }
    add_lookalike(lookalikes_,
                  {OriginRule::object_of(placement.pod, one.pod_uid(), one.pod_namespace(), one.pod_name()),
                   one.component(), std::min<std::int64_t>(one.processes(), kMaxPids)});
  }
  lookalikes_total_ += std::min<std::int64_t>(facts_.lookalikes_total(), kMaxPids);
  for (Lookalike& one : lookalikes_) one.nodes = 1;
}

ProcessView NodeView::view_of(const facts::Process& process, const Component& component,
                              const NodeContext& context) const {
  ProcessView view;
  view.fact = &process;
  view.component = &component;
  view.viewer = process.own_root() ? process.pid() : 0;
  view.version = version_of(process, component, context);
  const std::vector<std::string> argv(process.argv().begin(), process.argv().end());
  if (process.argv_truncated() || argv.empty() || is_title(argv)) {
    view.flags_unknown = phrase("unknown.flags", component.name);
    return view;
  }
  view.flags = parse_flags(argv, component);
  view.defaults_unknown = hidden_settings(process, component, view.flags);
  if (!component.environment_prefix.empty() && error("processes", "environment of " + component.name)) {
    view.environment_unknown = phrase("unknown.environment", component.name);
  }
  find_configs(view);
  return view;
}

void NodeView::find_configs(ProcessView& process) const {
  const Component& component = *process.component;
  if (component.config_flag.empty()) return;
  const auto value_of = [&](const std::string& flag) {
    const SettingSpec* spec = component.setting(flag);
    const EffectiveValue value = spec ? effective_value(process, *spec) : EffectiveValue{};
    if (!value.redacted) return value.text;
    process.config_unknown = phrase("unknown.redacted", component.name, "--" + flag);
    return std::string();
  };
  const auto take = [&](const facts::ConfigFile* config, const std::string& path) {
    if (!config) {
      process.config_unknown = phrase("unknown.config-missing", path);
    } else if (!config->error().empty()) {
      process.config_unknown = phrase("unknown.config", path, config->error());
    } else {
      process.configs.push_back(config);
    }
  };
  process.config_path = value_of(component.config_flag);
  process.config_given = !process.config_path.empty() || process.config_unknown;
  if (!process.config_path.empty()) take(config(process.config_path, process.viewer), process.config_path);

  const std::string folder = component.drop_in_flag.empty() ? "" : value_of(component.drop_in_flag);
  if (folder.empty()) return;
  if (const facts::CollectionError* listing = error("configs", folder)) {
    process.config_unknown = phrase("unknown.config", folder, listing->reason());
    return;
  }
  std::vector<const facts::ConfigFile*> drop_ins;
  for (const facts::ConfigFile& config : facts_.configs()) {
    // A relative folder was resolved by the collector, which alone knows the working directory.
    const bool inside = !folder.starts_with('/') || is_below(config.path(), folder);
    if (config.role() == "config-dir" && config.component() == component.name && inside &&
        config.viewer() == process.viewer && config.path().ends_with(component.drop_in_suffix)) {
      drop_ins.push_back(&config);
    }
  }
  // Folder by folder, as the kubelet walks: a name sorts before all that begin with it.
  std::ranges::sort(drop_ins, {}, [](const facts::ConfigFile* config) {
    std::string path = config->path();
    std::ranges::replace(path, '/', '\0');
    return path;
  });
  for (const facts::ConfigFile* config : drop_ins) take(config, config->path());
}

const std::vector<ProcessView>* NodeView::processes(std::string_view component) const {
  const auto found = processes_.find(component);
  return found == processes_.end() ? nullptr : &found->second;
}

const Phrase* NodeView::unplaced(std::string_view component) const {
  const auto found = unplaced_.find(component);
  return found == unplaced_.end() || processes_.contains(component) ? nullptr : &found->second;
}

std::optional<Phrase> NodeView::absence_unknown(std::string_view component) const {
  if (const Phrase* reason = unplaced(component)) return *reason;
  for (const facts::CollectionError& one : facts_.errors()) {
    // About the whole table, or about a process of this component; the rest says nothing of it.
    const std::string& subject = one.subject();
    const bool concerns =
        subject.empty() || subject == "/proc" || subject.find(component) != std::string::npos;
    if (one.table() == "processes" && concerns) return phrase("unknown.processes", one.reason());
  }
  if (kubelet_expected_ && !processes_.contains("kubelet")) return phrase("unknown.no-kubelet");
  return std::nullopt;
}

const facts::File* NodeView::file(std::string_view path, int viewer) const {
  const auto found = files_.find(Key{viewer, path});
  return found == files_.end() ? nullptr : found->second;
}

const facts::Directory* NodeView::directory(std::string_view path, int viewer) const {
  const auto found = directories_.find(Key{viewer, path});
  return found == directories_.end() ? nullptr : found->second;
}

const facts::ConfigFile* NodeView::config(std::string_view path, int viewer) const {
  const auto found = configs_.find(Key{viewer, path});
  return found == configs_.end() ? nullptr : found->second;
}

std::vector<const facts::Certificate*> NodeView::certificates(std::string_view path, int viewer) const {
  std::vector<const facts::Certificate*> found;
  for (const facts::Certificate& one : facts_.certificates()) {
    if (one.viewer() == viewer && one.path() == path) found.push_back(&one);
  }
  return found;
}

bool NodeView::known_absent(std::string_view path, int viewer) const {
  for (std::string_view above = path; !above.empty() && above != "/";) {
    if (const facts::File* known = file(above, viewer)) {
      if (known->presence() == facts::ABSENT) return true;
      if (above == path) return false;
    }
    const facts::Directory* listing = directory(above, viewer);
    if (listing && above != path) {
      if (listing->presence() == facts::ABSENT) return true;
      const bool direct = path.find('/', above.size() + 1) == std::string_view::npos;
      const bool listed = listing->presence() == facts::PRESENT && listing->complete();
      if (listed && (direct || listing->recursive())) {
        return std::ranges::find(listing->entries(), path) == listing->entries().end();
      }
    }
    const std::size_t slash = above.rfind('/');
    if (slash == std::string_view::npos) break;  // relative: nothing is known of what is above it
    above = above.substr(0, slash);
  }
  return false;
}

const facts::CollectionError* NodeView::error(std::string_view table, std::string_view subject) const {
  for (const facts::CollectionError& one : facts_.errors()) {
    if (one.table() == table && (subject.empty() || one.subject() == subject)) return &one;
  }
  return nullptr;
}

}  // namespace baseline
