#pragma once

#include <memory>
#include <optional>
#include <string>

#include "baseline/cluster/cluster_facts.h"
#include "baseline/cluster/outcome.h"
#include "baseline/report.h"
#include "baseline/report_builder.h"
#include "baseline/version.h"
#include "cli/options.h"
#include "kube/client.h"

namespace baseline::cli {

// A cluster that a scan talks to.
struct Cluster {
  std::unique_ptr<kube::Transport> transport;
  std::unique_ptr<kube::Client> client;
  std::string uid, version;  // uid of kube-system, "1.36.1"; uid is empty where it may not be read

  std::optional<Version> parsed_version() const { return parse_version(version); }
};

base::Result<Cluster> connect_cluster(const ClusterOptions& options, World& world);

// The objects that `scan` was given, from --cluster (`cluster` is not null) or from --manifests.
class ObjectScan {
 public:
  ObjectScan(const ScanOptions& options, Language language, World& world, const Cluster* cluster)
      : options_(options), language_(language), world_(world), cluster_(cluster) {}

  // Reads and judges them, knowing what the nodes folded in so far have told. What could not be read of
  // manifests goes to standard error, a line each; an error when there is nothing to judge at all.
  base::Result<ClusterOutcome> judge(const std::shared_ptr<const ResolvedProfile>& profile,
                                     const Report& so_far);

  // Something was not read: the verdicts are about less than was given.
  bool incomplete() const { return incomplete_; }

 private:
  base::Result<void> check_namespaces() const;
  base::Result<ClusterOutcome> judge_live(const std::shared_ptr<const ResolvedProfile>& profile,
                                          cluster::ClusterContext context);
  base::Result<ClusterOutcome> judge_files(const std::shared_ptr<const ResolvedProfile>& profile,
                                           cluster::ClusterContext context);

  const ScanOptions& options_;
  const Language language_;
  World& world_;
  const Cluster* cluster_;
  bool incomplete_ = false;
};

}  // namespace baseline::cli
