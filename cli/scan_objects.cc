#include "cli/scan_objects.h"

#include <filesystem>
#include <utility>

#include "baseline/cluster/evaluator.h"
#include "cli/client_options.h"
#include "cli/progress.h"
#include "cli/text.h"
#include "objects/file_source.h"
#include "objects/judge.h"

namespace baseline::cli {
namespace {

std::string without_v(const std::string& version) {
  return version.starts_with('v') ? version.substr(1) : version;
}

}  // namespace

base::Result<Cluster> connect_cluster(const ClusterOptions& options, World& world) {
  auto transport = world.connect(options);
  if (!transport) return std::unexpected(transport.error());
  Cluster cluster;
  cluster.transport = *std::move(transport);
  cluster.client =
      std::make_unique<kube::Client>(*cluster.transport, client_options(std::chrono::seconds(10)));
  const auto version = cluster.client->version();
  if (!version) return std::unexpected(version.error());
  cluster.version = without_v(version->git_version);
  if (const auto kube_system = cluster.client->get(kube::kNamespace, "", "kube-system")) {
    cluster.uid = kube_system->at("metadata.uid").as_string();
  }
  return cluster;
}

base::Result<ClusterOutcome> ObjectScan::judge(const std::shared_ptr<const ResolvedProfile>& profile,
                                               const Report& so_far) {
  cluster::ClusterContext context;
  context.live = cluster_ != nullptr;
  if (cluster_) context.version = cluster_->parsed_version();
  for (const NodeGroup& group : so_far.node_groups) {
    context.add(group);
  }
  context.include_namespaces = options_.namespaces;
  return cluster_ ? judge_live(profile, std::move(context)) : judge_files(profile, std::move(context));
}

// A name that was mistyped would be an empty namespace in perfect order.
base::Result<void> ObjectScan::check_namespaces() const {
  for (const std::string& name : options_.namespaces) {
    if (name.contains('*')) continue;
    const auto found = cluster_->client->get(kube::kNamespace, "", name);
    if (found || found.error().code != base::ErrorCode::kNotFound) continue;
    return base::fail(base::ErrorCode::kNotFound, sayf(language_, "there is no namespace {} in the cluster",
                                                       "集群中没有命名空间 {}", name));
  }
  return {};
}

base::Result<ClusterOutcome> ObjectScan::judge_live(const std::shared_ptr<const ResolvedProfile>& profile,
                                                    cluster::ClusterContext context) {
  if (auto known = check_namespaces(); !known) return std::unexpected(known.error());
  const auto version = context.version;
  Progress progress(world_.err, world_.err_terminal,
                    std::string(say(language_, "reading the cluster's objects", "正在读取集群对象")));
  return objects::judge_cluster(*cluster_->client, profile, std::move(context), world_.clock.now(),
                                {.version = version}, [&](cluster::Kind kind, std::size_t so_far) {
                                  progress.now_at(sayf(language_, "reading {}: {}", "正在读取 {}：{}",
                                                       cluster::resource_name(kind), so_far));
                                });
}

base::Result<ClusterOutcome> ObjectScan::judge_files(const std::shared_ptr<const ResolvedProfile>& profile,
                                                     cluster::ClusterContext context) {
  cluster::ClusterEvaluator evaluator(profile, std::move(context), world_.clock.now());
  objects::EvaluatorSink sink(evaluator);
  objects::FileSummary summary;
  {
    const Progress progress(world_.err, world_.err_terminal,
                            std::string(say(language_, "reading manifests", "正在读取清单")));
    summary = objects::read_manifests({options_.manifests.begin(), options_.manifests.end()}, sink);
  }
  for (const base::Error& error : summary.errors) complain(world_, error.text());
  incomplete_ = !summary.errors.empty();
  if (summary.objects == 0) {
    return base::fail(
        base::ErrorCode::kInvalid,
        std::string(say(language_, "none of the files given holds an object that a requirement asks for",
                        "所给文件中没有任何一条要求所涉及的对象")));
  }
  return std::move(evaluator).finish();
}

}  // namespace baseline::cli
