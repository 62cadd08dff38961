#include "controllers/node_state.h"

#include "baseline/text.h"

namespace baseline::controllers {

Phrase NodeState::unavailable_reason(const std::vector<crds::Toleration>& tolerations) const {
  if (deleting) return {"node-deleting", {}};
  if (!ready) return {"node-not-ready", {not_ready_reason}};
  if (cordoned) return {"node-cordoned", {}};
  if (!tolerations.empty() && !crds::tolerates_all(tolerations, taints)) {
    std::string names;
    for (const crds::Taint& t : taints) names += (names.empty() ? "" : ", ") + t.key + ":" + t.effect;
    return {"node-taint-not-tolerated", {names}};
  }
  return {};
}

std::string cluster_words(const std::string& reason, const std::string& message) {
  constexpr std::size_t kMost = 200;
  std::string text = cut_text(reason, kMost);
  if (!message.empty()) text += (text.empty() ? "" : ": ") + cut_text(message, kMost);
  return text;
}

NodeState node_state(const base::Value& node) {
  NodeState state;
  state.name = node.at("metadata.name").as_string();
  for (const auto& [key, value] : node.at("metadata.labels").members())
    state.labels.emplace(key, value.as_string());
  state.kubelet_version = node.at("status.nodeInfo.kubeletVersion").as_string();
  if (state.kubelet_version.starts_with('v')) state.kubelet_version.erase(0, 1);
  state.cordoned = node.at("spec.unschedulable").as_bool();
  state.deleting = node["metadata"].contains("deletionTimestamp");
  for (const base::Value& taint : node.at("spec.taints").items()) {
    state.taints.push_back(
        {taint["key"].as_string(), taint["value"].as_string(), taint["effect"].as_string()});
  }
  state.not_ready_reason = "no Ready condition reported";
  for (const base::Value& condition : node.at("status.conditions").items()) {
    if (condition["type"].as_string() != "Ready") continue;
    state.ready = condition["status"].as_string() == "True";
    state.not_ready_reason =
        state.ready ? "" : cluster_words(condition["reason"].as_string(), condition["message"].as_string());
  }
  return state;
}

base::Value project_node(base::Value&& node) {
  base::Value kept = base::Value::map();
  base::Value& metadata = kept.set("metadata", base::Value::map());
  for (const char* key : {"name", "uid", "labels", "deletionTimestamp"}) {
    if (const base::Value* v = node["metadata"].find(key)) metadata.set(key, *v);
  }
  base::Value& spec = kept.set("spec", base::Value::map());
  for (const char* key : {"unschedulable", "taints"}) {
    if (const base::Value* v = node["spec"].find(key)) spec.set(key, *v);
  }
  base::Value& status = kept.set("status", base::Value::map());
  status.set("nodeInfo", base::Value::map()).set("kubeletVersion", node.at("status.nodeInfo.kubeletVersion"));
  for (const base::Value& condition : node.at("status.conditions").items()) {
    if (condition["type"].as_string() != "Ready") continue;
    base::Value ready = base::Value::map();
    for (const char* key : {"type", "status", "reason", "message"}) {
      if (const base::Value* v = condition.find(key)) ready.set(key, *v);
    }
    status.set("conditions", base::Value(base::Value::List{std::move(ready)}));
  }
  return kept;
}

}  // namespace baseline::controllers
