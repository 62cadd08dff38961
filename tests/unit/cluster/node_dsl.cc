#include "node_dsl.h"

#include "../baseline/evaluate_support.h"
#include "../baseline/facts_dsl.h"

namespace baseline::test {
namespace {

// What containerd and CRI-O give a container that asks for nothing.
constexpr std::uint64_t kDefaultCapabilities = 0xa80425fb;

void add_texts(const base::Value& list, google::protobuf::RepeatedPtrField<std::string>& out) {
  for (const base::Value& item : list.items()) *out.Add() = item.scalar_text();
}

std::string id_of(const std::string& image) {
  return "sha256:" + image;
}

void add_root(const base::Value& value, facts::RootFilesystem& root) {
  root.set_error(value["error"].as_string());
  root.set_read(value.as_string() != "missing" && root.error().empty());
  root.set_os_name(value["os"].as_string());
  root.set_files_seen(1200);
  root.set_complete(!value["cut"].as_bool());
  add_texts(value["shells"], *root.mutable_shells());
  add_texts(value["managers"], *root.mutable_package_managers());
  add_texts(value["tools"], *root.mutable_tools());
  for (const base::Value& path : value["set-id"].items()) {
    facts::File& file = *root.add_set_id_files();
    file.set_path(path.as_string());
    file.set_mode(04755);
  }
  root.set_set_id_total(static_cast<std::uint32_t>(root.set_id_files_size()));
}

void add_image(facts::NodeFacts& facts, const std::string& name, const base::Value& value) {
  facts::Image& image = *facts.add_images();
  image.set_id(id_of(name));
  if (value.contains("names")) {
    add_texts(value["names"], *image.mutable_names());
  } else {
    image.add_names(name);
  }
  image.set_error(value["error"].as_string());
  image.set_config_read(image.error().empty());
  image.set_user(value["user"].scalar_text());
  add_texts(value["exposes"], *image.mutable_exposed_ports());
  add_texts(value["env"], *image.mutable_env_names());
  add_texts(value["secret-env"], *image.mutable_secret_env());
  add_texts(value["secret-history"], *image.mutable_secret_history());
  image.set_history_known(value["history"].as_string() != "none");
  image.set_added_files(static_cast<std::uint32_t>(value["add"].as_int(0)));
  image.set_maintainer(value["maintainer"].as_bool());
  image.set_index_updates(static_cast<std::uint32_t>(value["index"].as_int(0)));
  image.set_base_name(value["base"].as_string());
  add_root(value["root"], *image.mutable_root());
}

// "shop/cart-1/web" in its three parts.
std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> parts{""};
  for (const char c : text) {
    if (c == '/') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  parts.resize(3);
  return parts;
}

void add_container(facts::NodeFacts& facts, const base::Value& value) {
  facts::Container& container = *facts.add_containers();
  const std::string is = value["is"].as_string();
  const std::vector<std::string> parts = parts_of(is.empty() ? "shop/cart-1/web" : is);
  container.set_namespace_(parts[0]);
  container.set_pod(parts[1]);
  container.set_name(parts[2]);
  container.set_pod_uid(value["uid-of-pod"].as_string());
  const std::string image = value["image"].as_string();
  container.set_image(value.contains("as") ? value["as"].as_string() : image);
  if (!image.empty()) container.set_image_id(id_of(image));
  container.set_error(value["error"].as_string());
  container.set_process_read(container.error().empty());
  if (!container.process_read()) return;
  container.set_uid(static_cast<std::uint32_t>(value["uid"].as_int(1000)));
  container.set_user_namespace(value["user-namespace"].as_bool());
  container.set_seccomp(static_cast<std::uint32_t>(value["seccomp"].as_int(2)));
  container.set_no_new_privs(value["no-new-privs"].as_bool());
  const std::string capabilities = value["capabilities"].scalar_text();
  container.set_capabilities(capabilities.empty() ? kDefaultCapabilities
                                                  : std::stoull(capabilities, nullptr, 0));
  container.set_lsm_label(value["label"].as_string());
  container.set_host_network(value["host-network"].as_bool());
  container.set_listening_known(!container.host_network() && value["listens"].as_string() != "unknown");
  for (const base::Value& port : value["listens"].items()) {
    facts::Socket& socket = *container.add_listening();
    socket.set_protocol("tcp");
    socket.set_address("0.0.0.0");
    socket.set_port(static_cast<std::uint32_t>(port.as_int(0)));
  }
}

void add_lsm(const base::Value& value, facts::Lsm& lsm) {
  lsm.set_known(value.as_string() != "unknown");
  for (const base::Value& item : value.items()) {
    const std::string module = item.as_string();
    if (module == "apparmor") lsm.set_apparmor(true);
    if (module == "selinux") lsm.set_selinux(true);
    if (module == "selinux") lsm.set_selinux_enforcing(true);
    if (module == "permissive") lsm.set_selinux_enforcing(false);
  }
}

std::optional<bool> flag(const base::Value& value) {
  return value.is_bool() ? std::optional(value.as_bool()) : std::nullopt;
}

std::vector<std::string> texts(const base::Value& list) {
  std::vector<std::string> out;
  for (const base::Value& item : list.items()) out.push_back(item.as_string());
  return out;
}

cluster::SecurityContext security_from(const base::Value& value) {
  cluster::SecurityContext security;
  security.privileged = flag(value["privileged"]);
  security.allow_privilege_escalation = flag(value["escalation"]);
  security.run_as_non_root = flag(value["non-root"]);
  if (value.contains("user")) security.run_as_user = value["user"].as_int(0);
  security.capabilities_add = texts(value["add"]);
  security.capabilities_drop = texts(value["drop"]);
  security.seccomp.type = value["seccomp"].as_string();
  security.apparmor.type = value["apparmor"].as_string();
  security.selinux_type = value["selinux-type"].as_string();
  security.selinux = !security.selinux_type.empty();
  return security;
}

cluster::Container container_from(const base::Value& value) {
  cluster::Container container;
  container.name = value["name"].as_string();
  container.image = value["image"].as_string();
  if (value["init"].as_bool()) container.list = cluster::Container::List::kInit;
  container.security = security_from(value["security"]);
  for (const base::Value& port : value["ports"].items()) {
    container.ports.push_back({static_cast<int>(port.as_int(0)), 0, "TCP"});
  }
  return container;
}

cluster::Pod pod_from(const base::Value& value) {
  cluster::Pod pod;
  const std::string is = value["is"].as_string();
  const std::vector<std::string> parts = parts_of(is.empty() ? "shop/cart-1" : is);
  pod.metadata.ns = parts[0];
  pod.metadata.name = parts[1];
  pod.uid = value["uid-of-pod"].as_string();
  if (value.contains("mirrors")) {
    pod.metadata.annotations["kubernetes.io/config.mirror"] = value["mirrors"].as_string();
  }
  const std::vector<std::string> owner = parts_of(value["owner"].as_string());
  pod.metadata.controller_kind = owner[0];
  pod.metadata.controller_name = owner[1];
  if (value.contains("hash")) pod.metadata.labels["pod-template-hash"] = value["hash"].scalar_text();
  pod.phase = value.contains("phase") ? value["phase"].as_string() : "Running";
  pod.node = "node-1";
  pod.host_network = value["host-network"].as_bool();
  pod.host_users = flag(value["host-users"]);
  pod.windows = value["windows"].as_bool();
  pod.security = security_from(value["security"]);
  for (const base::Value& container : value["containers"].items()) {
    pod.containers.push_back(container_from(container));
  }
  if (pod.containers.empty()) pod.containers.push_back(container_from(value));
  if (pod.containers.front().name.empty()) pod.containers.front().name = "web";
  return pod;
}

}  // namespace

facts::NodeFacts node_facts_from(const base::Value& description) {
  facts::NodeFacts facts = facts_from(description);
  const std::string store = description["store"].as_string();
  facts.set_containers_known(store.empty());
  if (!store.empty() && store != "missing") {
    facts::CollectionError& error = *facts.add_errors();
    error.set_table("containers");
    error.set_subject("containerd");
    error.set_reason(store);
  }
  for (const auto& [name, image] : description["images"].members()) add_image(facts, name, image);
  for (const base::Value& container : description["containers"].items()) add_container(facts, container);
  add_lsm(description["lsm"], *facts.mutable_lsm());
  return facts;
}

NodeContext node_context_from(const base::Value& description) {
  NodeContext context;
  context.include_namespaces = texts(description["namespaces"]["include"]);
  context.exclude_namespaces = texts(description["namespaces"]["exclude"]);
  if (!description.contains("pods")) return context;
  context.pods.emplace();
  for (const base::Value& pod : description["pods"].items()) context.pods->push_back(pod_from(pod));
  return context;
}

std::string describe(const ObjectResult& result) {
  std::string out = result.id + " " + std::string(to_string(result.status)) + ": " + english(result.message);
  for (const ObjectFinding& finding : result.findings) {
    out += "\n  " + std::string(to_string(finding.status)) + " " + english(finding.subject) + " | " +
           english(finding.expected) + " | " + english(finding.actual) + " (" + std::to_string(finding.pods) +
           ")";
  }
  return out;
}

}  // namespace baseline::test
