#include "baseline/cluster/object_check.h"

namespace baseline::cluster {

// Judged on the nodes: see image_rows.cc. They need no object of the API.
std::vector<ObjectBuiltin> image_builtins() {
  return {
      {"image-base", {}, {}, nullptr},
      {"image-ports", {}, {}, nullptr},
      {"image-secrets", {}, {}, nullptr},
      {"image-sources", {}, {{"trusted", Parameter::Type::kStringList, false}}, nullptr},
      {"image-set-id-files", {}, {}, nullptr},
      {"image-add-instruction", {}, {}, nullptr},
      {"image-maintainer-instruction", {}, {}, nullptr},
      {"image-index-updates", {}, {}, nullptr},
  };
}

}  // namespace baseline::cluster
