#pragma once

#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "base/value.h"
#include "base/yaml.h"

namespace baseline::crds::testing {

inline std::string read_file(const std::string& path) {
  std::ifstream in(std::string(PROJECT_DIR) + "/" + path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

inline base::Value read_yaml(const std::string& path) {
  return base::parse_yaml(read_file(path), path).value();
}

// The schema of a resource's only version.
inline base::Value schema_of(const std::string& file) {
  return read_yaml(file).at("spec.versions").items().at(0).at("schema.openAPIV3Schema");
}

}  // namespace baseline::crds::testing
