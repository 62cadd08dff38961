#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace baseline::cluster {

// The repository of an image reference, with what may be left out written out, without tag and digest:
// "nginx:1.27" is "docker.io/library/nginx". Nothing when the text is no reference but an id.
// Source: the reference grammar of the distribution project and Docker's familiar names.
std::optional<std::string> repository_of(std::string_view reference);

// Whether the repository is one of these, or lies below one. An entry names a registry ("registry.example"),
// or a registry and the beginning of a path that ends at a slash; without a registry it is on docker.io. An
// empty entry takes in nothing.
bool in_registries(const std::string& repository, const std::vector<std::string>& registries);

}  // namespace baseline::cluster
