#include "facts_dsl.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <sstream>
#include <tuple>

#include "baseline/component.h"
#include "baseline/facts/published.h"
#include "baseline/facts/schema.h"

namespace baseline::test {
namespace {

std::vector<std::string> words(const base::Value& value) {
  std::vector<std::string> out;
  for (const base::Value& item : value.items()) out.push_back(item.scalar_text());
  if (value.is_list()) return out;
  std::istringstream in(value.as_string());
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

std::pair<int, std::string> viewer_and_path(const std::string& key) {
  int viewer = 0;
  const char* end = std::from_chars(key.data(), key.data() + key.size(), viewer).ptr;
  const auto digits = static_cast<std::size_t>(end - key.data());
  if (digits == 0 || key[digits] != ':') return {0, key};
  return {viewer, key.substr(digits + 1)};
}

std::uint32_t number_of(const std::string& name) {
  static const std::map<std::string, std::uint32_t> known{
      {"root", 0}, {"toor", 0}, {"etcd", 998}, {"notroot", 1001}};
  const auto found = known.find(name);
  return found == known.end() ? static_cast<std::uint32_t>(std::stoul(name)) : found->second;
}

bool is_number(const std::string& name) {
  return name.find_first_not_of("0123456789") == std::string::npos;
}

void add_file(facts::NodeFacts& facts, const std::string& key, const std::string& text) {
  facts::File& file = *facts.add_files();
  const auto [viewer, path] = viewer_and_path(key);
  file.set_path(path);
  file.set_viewer(viewer);
  if (text == "missing" || text == "unreadable") {
    file.set_presence(text == "missing" ? facts::ABSENT : facts::UNREADABLE);
    if (text == "unreadable") file.set_error("permission denied");
    return;
  }
  std::istringstream in(text);
  std::string mode;
  std::string owner;
  in >> mode >> owner;
  file.set_presence(facts::PRESENT);
  file.set_type("file");
  file.set_mode(static_cast<std::uint32_t>(std::stoul(mode, nullptr, 8)));
  const std::string user = owner.substr(0, owner.find(':'));
  const std::string group = owner.substr(owner.find(':') + 1);
  file.set_uid(number_of(user));
  file.set_gid(number_of(group));
  if (!is_number(user)) file.set_owner(user);
  if (!is_number(group)) file.set_group(group);
  for (std::string word; in >> word;) {
    if (word == "dir") file.set_type("directory");
    if (word.starts_with('/')) file.set_target(word);
  }
}

void add_folder(facts::NodeFacts& facts, const std::string& key, const base::Value& value) {
  facts::Directory& folder = *facts.add_directories();
  const auto [viewer, path] = viewer_and_path(key);
  folder.set_path(path);
  folder.set_viewer(viewer);
  folder.set_recursive(true);
  if (value.as_string() == "missing") {
    folder.set_presence(facts::ABSENT);
    return;
  }
  folder.set_presence(facts::PRESENT);
  folder.set_error(value["incomplete"].as_string());
  folder.set_complete(folder.error().empty());
  for (const std::string& name : words(value.is_map() ? value["entries"] : value))
    folder.add_entries(path + "/" + name);
}

void flatten(const base::Value& value, const std::string& path, facts::ConfigFile& out) {
  if (value.is_map() && !value.members().empty()) {
    for (const auto& [key, member] : value.members())
      flatten(member, path.empty() ? key : path + "." + key, out);
    return;
  }
  if (value.is_list() && !value.items().empty()) {
    std::size_t index = 0;
    for (const base::Value& item : value.items())
      flatten(item, path + "[" + std::to_string(index++) + "]", out);
    return;
  }
  facts::Setting& setting = *out.add_settings();
  setting.set_path(path);
  setting.set_redacted(value.scalar_text() == facts::kWithheld);
  if (!setting.redacted()) setting.set_value(value.scalar_text());
  if (value.is_null()) setting.set_kind(facts::Setting::NULL_VALUE);
  if (value.is_bool()) setting.set_kind(facts::Setting::BOOL);
  if (value.is_int()) setting.set_kind(facts::Setting::INT);
  if (value.is_map()) setting.set_kind(facts::Setting::EMPTY_MAP);
  if (value.is_list()) setting.set_kind(facts::Setting::EMPTY_LIST);
}

void add_config(facts::NodeFacts& facts, const std::string& key, const base::Value& value) {
  facts::ConfigFile& config = *facts.add_configs();
  const auto [viewer, path] = viewer_and_path(key);
  config.set_path(path);
  config.set_viewer(viewer);
  config.set_role(value["role"].as_string().empty() ? "config" : value["role"].as_string());
  config.set_component(value["of"].as_string());
  config.set_error(value["error"].as_string());
  config.set_kind(value["text"]["kind"].as_string());
  if (config.error().empty() && value["text"].is_map()) flatten(value["text"], "", config);
}

// "ns/name" as two; what has no slash is the first.
std::pair<std::string, std::string> halves(const std::string& text) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  return {text.substr(0, slash), text.substr(std::min(slash + 1, text.size()))};
}

template <typename Fact>
void set_pod(Fact& fact, const base::Value& value) {
  const auto [ns, name] = halves(value["pod"].as_string());
  fact.set_pod_namespace(ns);
  fact.set_pod_name(name);
  fact.set_pod_uid(value["uid"].as_string());
}

facts::Origin origin_of(const facts::Process& process, const base::Value& value) {
  static const std::map<std::string, facts::Origin> kNamed{{"host", facts::ORIGIN_HOST},
                                                           {"static", facts::ORIGIN_STATIC_POD},
                                                           {"pod", facts::ORIGIN_POD},
                                                           {"unknown", facts::ORIGIN_UNKNOWN}};
  if (value.contains("origin")) return kNamed.at(value["origin"].as_string());
  if (value.contains("pod") || value.contains("uid")) return facts::ORIGIN_POD;
  const Component* component = built_in_components().find(process.component());
  const bool static_pod = component && component->runs_in_pods && !process.manifest().empty();
  return static_pod ? facts::ORIGIN_STATIC_POD : facts::ORIGIN_HOST;
}

void add_process(facts::NodeFacts& facts, const std::string& component, const base::Value& value) {
  facts::Process& process = *facts.add_processes();
  const bool plain = !value.is_map();
  process.set_component(component);
  process.set_pid(static_cast<int>(value["pid"].as_int(100 + facts.processes_size())));
  process.add_argv(component);
  for (const std::string& word : words(plain ? value : value["flags"])) process.add_argv(word);
  const base::Value* version = value.find("version");
  process.set_version(version ? version->as_string() : component == "etcd" ? "3.6.8" : "1.36.3");
  for (const auto& [name, text] : value["env"].members()) {
    facts::EnvVar& variable = *process.add_env();
    variable.set_name(name);
    variable.set_redacted(text.scalar_text() == facts::kWithheld);
    if (!variable.redacted()) variable.set_value(text.scalar_text());
  }
  process.set_own_root(value["root"].as_string() == "own");
  process.set_manifest(value["manifest"].as_string());
  process.set_bundle(value["bundle"].as_string());
  process.set_unit(value["unit"].as_string());
  process.set_argv_truncated(value["truncated"].as_bool());
  process.set_origin(origin_of(process, value));
  process.set_origin_error(value["why"].as_string());
  set_pod(process, value);
  process.set_listening_known(value.contains("listens"));
  for (const std::string& socket : words(value["listens"])) {
    facts::Socket& one = *process.add_listening();
    const std::size_t colon = socket.rfind(':');
    one.set_protocol("tcp");
    one.set_address(socket.substr(0, colon));
    one.set_port(static_cast<std::uint32_t>(std::stoul(socket.substr(colon + 1))));
  }
}

}  // namespace

cluster::Pod api_pod(const base::Value& description) {
  cluster::Pod pod;
  std::tie(pod.metadata.ns, pod.metadata.name) = halves(description["is"].as_string());
  std::tie(pod.metadata.controller_kind, pod.metadata.controller_name) =
      halves(description["owner"].as_string());
  if (description.contains("hash"))
    pod.metadata.labels["pod-template-hash"] = description["hash"].scalar_text();
  pod.uid = description["uid"].as_string();
  if (description.contains("mirrors")) {
    for (const char* key : {"kubernetes.io/config.mirror", "kubernetes.io/config.hash"})
      pod.metadata.annotations[key] = description["mirrors"].as_string();
  }
  return pod;
}

facts::NodeFacts facts_from(const base::Value& description) {
  facts::NodeFacts facts;
  facts.set_schema_version(facts::kSchemaVersion);
  facts.mutable_host()->set_hostname(description["host"].as_string());
  for (const auto& [component, value] : description["run"].members()) {
    if (!value.is_list() || !value.items().front().is_map()) {
      add_process(facts, component, value);
      continue;
    }
    for (const base::Value& one : value.items()) add_process(facts, component, one);
  }
  for (const base::Value& one : description["lookalikes"].items()) {
    facts::Lookalike& lookalike = *facts.add_lookalikes();
    lookalike.set_component(one["of"].as_string());
    lookalike.set_processes(static_cast<std::uint32_t>(one["processes"].as_int(1)));
    set_pod(lookalike, one);
  }
  facts.set_lookalikes_total(static_cast<std::uint32_t>(description["lookalikes-total"].as_int()));
  for (const auto& [path, value] : description["files"].members()) add_file(facts, path, value.as_string());
  for (const auto& [path, value] : description["folders"].members()) add_folder(facts, path, value);
  for (const auto& [path, value] : description["configs"].members()) add_config(facts, path, value);
  for (const auto& [key, chain] : description["certificates"].members()) {
    std::uint32_t index = 0;
    for (const base::Value& one : chain.items()) {
      facts::Certificate& certificate = *facts.add_certificates();
      const auto [viewer, path] = viewer_and_path(key);
      certificate.set_path(path);
      certificate.set_viewer(viewer);
      certificate.set_index(index++);
      certificate.set_subject(one["subject"].as_string());
      certificate.set_issuer(one["issuer"].as_string());
      certificate.set_sha256(one["sha256"].scalar_text());
      certificate.set_error(one["error"].as_string());
    }
  }
  for (const auto& [name, paths] : description["units"].members()) {
    facts::SystemdUnit& unit = *facts.add_units();
    unit.set_name(name);
    for (const std::string& path : words(paths)) {
      if (unit.fragment_path().empty()) {
        unit.set_fragment_path(path);
      } else {
        unit.add_drop_in_paths(path);
      }
    }
  }
  facts.mutable_cni()->set_conf_dir(description["cni"]["folder"].as_string());
  facts.mutable_cni()->set_conf_dir_origin(description["cni"]["origin"].as_string());
  for (const base::Value& one : description["cni"]["networks"].items()) {
    facts::CniNetwork& network = *facts.mutable_cni()->add_networks();
    network.set_path(one["path"].as_string());
    network.set_name(one["name"].as_string());
    for (const std::string& plugin : words(one["plugins"])) network.add_plugins(plugin);
  }
  for (const base::Value& one : description["runtimes"].items()) {
    facts::ContainerRuntime& runtime = *facts.add_runtimes();
    runtime.set_name(one["name"].as_string());
    runtime.set_config_error(one["error"].as_string());
    for (const base::Value& each : one["registries"].items()) {
      facts::Registry& registry = *runtime.add_registries();
      registry.set_host(each["host"].as_string());
      registry.set_plain_http(each["plain"].as_bool());
      registry.set_skip_verify(each["skip"].as_bool());
      registry.set_source(each["source"].as_string());
    }
  }
  for (const base::Value& one : description["errors"].items()) {
    facts::CollectionError& error = *facts.add_errors();
    error.set_table(one["table"].as_string());
    error.set_subject(one["subject"].as_string());
    error.set_reason(one["reason"].as_string());
  }
  return facts;
}

}  // namespace baseline::test
