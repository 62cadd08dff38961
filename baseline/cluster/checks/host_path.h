#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "baseline/cluster/objects.h"

// Paths of the node that pods mount.
namespace baseline::cluster {

// The path without "." and "..", double and trailing slashes, with /run for /var/run; of Windows without the
// drive and with slashes. The root is "/".
std::string normal_path(std::string_view path);

// Whether `inner` is `outer` or lies below it. Both normal.
bool is_within(std::string_view inner, std::string_view outer);

// The first of the paths (normal, as are all that come back) that the path is, lies below, or contains; null
// when none.
const std::string* first_touched(const std::string& path, const std::vector<std::string>& paths);
// The first of the paths that the path is or contains.
const std::string* first_contained(const std::string& path, const std::vector<std::string>& paths);

std::vector<std::string> normal_paths(const std::vector<std::string>& paths);

// The hostPath volume of that name; null when there is none.
const Volume* host_path_volume(const Pod& pod, std::string_view name);

}  // namespace baseline::cluster
