#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/value.h"
#include "kube/client.h"

namespace baseline::kube::testing {

inline base::Value json(std::string_view text) {
  return base::parse_json(text, "test").value();
}

// An object with nothing but a name, a namespace and a marker in its spec.
inline base::Value object(std::string_view ns, std::string_view name, std::string_view marker = "") {
  base::Value metadata = base::Value::map();
  metadata.set("name", name);
  if (!ns.empty()) metadata.set("namespace", ns);
  base::Value out = base::Value::map();
  out.set("metadata", std::move(metadata));
  out.set("spec", base::Value(base::Value::Map{{"marker", marker}}));
  return out;
}

// Options for a client that notes the delays between attempts instead of sleeping.
inline ClientOptions impatient(std::vector<std::chrono::milliseconds>* delays = nullptr) {
  ClientOptions options;
  options.sleep = [delays](std::chrono::milliseconds delay) {
    if (delays != nullptr) delays->push_back(delay);
  };
  return options;
}

}  // namespace baseline::kube::testing
