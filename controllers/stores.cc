#include "controllers/stores.h"

#include <charconv>

namespace baseline::controllers {

base::Result<base::Value> apply_status(const kube::Client& client, const kube::ResourceKind& kind,
                                       const std::string& name, const std::string& uid, base::Value status) {
  base::Value body = base::Value::map();
  body.set("apiVersion", kind.api_version());
  body.set("kind", kind.kind);
  base::Value& metadata = body.set("metadata", base::Value::map());
  metadata.set("name", name);
  metadata.set("uid", uid);
  body.set("status", std::move(status));
  return client.patch(
      kind, "", name, body,
      {.type = kube::PatchType::kApply, .subresource = "status", .field_manager = {}, .force = true});
}

std::uint64_t version_number(const base::Value& object) {
  const std::string& text = object.at("metadata.resourceVersion").as_string();
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

base::Value project_report(base::Value&& report) {
  base::Value kept = base::Value::map();
  base::Value& metadata = kept.set("metadata", base::Value::map());
  for (const char* key : {"name", "uid", "resourceVersion", "creationTimestamp", "ownerReferences"}) {
    if (const base::Value* v = report["metadata"].find(key)) metadata.set(key, *v);
  }
  for (const char* key : {"scan", "finished"}) {
    if (const base::Value* v = report.find(key)) kept.set(key, *v);
  }
  return kept;
}

}  // namespace baseline::controllers
