#pragma once

#include <string>

#include "base/value.h"
#include "kube/resource.h"

namespace baseline::integration {

inline constexpr kube::ResourceKind kConfigMap{"", "v1", "configmaps", "ConfigMap", true};

inline base::Value config_map(const std::string& name, const std::string& value = "1") {
  base::Value metadata = base::Value::map();
  metadata.set("name", name);
  base::Value data = base::Value::map();
  data.set("value", value);
  base::Value object = base::Value::map();
  object.set("apiVersion", "v1");
  object.set("kind", "ConfigMap");
  object.set("metadata", std::move(metadata));
  object.set("data", std::move(data));
  return object;
}

inline base::Value name_space(const std::string& name) {
  base::Value object = base::Value::map();
  object.set("apiVersion", "v1");
  object.set("kind", "Namespace");
  object.set("metadata", base::Value::map());
  object.find("metadata")->set("name", name);
  return object;
}

}  // namespace baseline::integration
