#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "node-runner/components.h"
#include "node-runner/context.h"

namespace baseline::runner {

// Reads a configuration file into a ConfigFile fact (secrets taken out by its role), looks at the paths that
// it names, and gives the document back, secrets included, for what depends on it. Null when it could not be
// read or parsed: the fact then says why. `path` is as named, `location` where it is. A file named twice is
// reported once a component.
std::optional<base::Value> load_config(Context& context, int viewer, const std::string& path,
                                       const std::string& location, std::string_view component,
                                       std::string_view role);

// Files of a drop-in directory that end in `suffix`, in lexical order; subdirectories are left out. Empty
// when there is no such directory.
std::vector<std::string> drop_ins(Context& context, int viewer, const std::string& directory,
                                  std::string_view suffix);
// The same at any depth, in no order to rely on. Whatever could not be seen is an error about `directory`.
std::vector<std::string> drop_ins_below(Context& context, int viewer, const std::string& directory,
                                        std::string_view suffix);

// What the kubelets of the host say of their own folders.
struct KubeletFolders {
  std::vector<std::pair<int, std::string>> static_pods;  // viewer, path
  std::vector<std::string> pod_logs;
};

// Every configuration file that a component's flags and environment name, and those that these name in turn.
// `folders`: filled by kubelets that are the host's, and by no others.
void collect_configs(Context& context, const std::vector<Component>& components, KubeletFolders& folders);

}  // namespace baseline::runner
