#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "baseline/cluster/cluster_facts.h"
#include "baseline/cluster/outcome.h"
#include "baseline/profile.h"
#include "integration/support/control_plane.h"
#include "kube/transport.h"

// The objects of tests/integration/objects/cluster.yaml, judged in one way or another.
namespace baseline::integration {

// All of the built-in standard with its defaults.
std::shared_ptr<const ResolvedProfile> whole_standard();

struct Judged {
  ClusterOutcome outcome;
  std::set<std::string> asked;  // resources that requests were about, "roles.rbac.authorization.k8s.io"

  const ObjectResult& row(const std::string& id) const;  // a failure and an empty one where there is none
  std::set<std::string> with(Status status) const;       // requirements of this verdict
};

// Read through the API server with the rights of a configuration, in pages of `page_size`. `around` puts
// something between the client and the network.
using Around = std::function<std::unique_ptr<kube::Transport>(std::unique_ptr<kube::Transport>)>;
Judged judge_live(kube::ClientConfig config, int page_size = 500, const Around& around = {});

// What the server returns for these resources of all namespaces, one file each, in a folder of this name.
std::filesystem::path dumped(const std::string& folder, const std::set<std::string>& resources);

// The same objects from files. `knows`: what the server had is told as well, so that what is not among the
// files does not exist.
ClusterOutcome judge_files(const std::filesystem::path& folder, const std::optional<Judged>& knows = {});

// A row in words: the status, the message, each finding below.
std::string in_words(const ObjectResult& result);
std::map<std::string, std::string> in_words(const ClusterOutcome& outcome);

}  // namespace baseline::integration
