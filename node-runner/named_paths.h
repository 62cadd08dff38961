#pragma once

#include <string>
#include <vector>

#include "node-runner/components.h"
#include "node-runner/context.h"

namespace baseline::runner {

// Looks at every path that the component's flags (and etcd's environment) name, as its process sees it;
// directories of certificates are listed, files of certificates noted. Values taken for secrets are not
// looked up: a path would show them.
void look_at_flags(Context& context, const Component& component);

// The same for the settings of a configuration file; relative paths are below the file's directory.
void look_at_settings(Context& context, int viewer, const facts::ConfigFile& config,
                      const std::string& location);

}  // namespace baseline::runner
