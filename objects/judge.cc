#include "objects/judge.h"

#include <utility>
#include <variant>

#include "baseline/cluster/evaluator.h"
#include "objects/document_source.h"
#include "objects/parse.h"

namespace baseline::objects {
namespace {

// Of the pods of one node, as the API server sends them: a hundred times what those of a full node take.
// Anybody may make pods for a node by its name.
constexpr std::size_t kMostOfNode = 16U << 20;

}  // namespace

base::Result<ClusterOutcome> judge_cluster(const kube::Client& client,
                                           std::shared_ptr<const ResolvedProfile> profile,
                                           cluster::ClusterContext context, base::Time now,
                                           const ApiOptions& options, const ApiProgress& progress) {
  ApiOptions asked = options;
  asked.on_kind = context.on_kind;
  if (asked.on_kind && asked.on_kind(cluster::kJudging)) {
    return unread_cluster(std::move(profile), std::move(context), now,
                          {base::ErrorCode::kInternal, "judging all of them ended the operator", ""});
  }
  cluster::ClusterEvaluator evaluator(std::move(profile), std::move(context), now);
  EvaluatorSink sink(evaluator);
  const auto read = read_cluster(client, sink, asked, progress);
  if (!read) return std::unexpected(read.error());
  const bool with_pods = options.kinds.empty() || options.kinds.contains(cluster::Kind::kPod);
  read_documents(client, evaluator, asked, /*pods=*/!with_pods);
  if (asked.on_kind) static_cast<void>(asked.on_kind(cluster::kJudging));
  return std::move(evaluator).finish();
}

ClusterOutcome unread_cluster(std::shared_ptr<const ResolvedProfile> profile, cluster::ClusterContext context,
                              base::Time now, const base::Error& error) {
  cluster::ClusterEvaluator evaluator(std::move(profile), std::move(context), now);
  for (const cluster::KindInfo& kind : cluster::kinds()) {
    evaluator.unreadable(kind.kind, {"objects.broke-off", {cluster::resource_name(kind.kind), error.text()}});
  }
  for (const cluster::DocumentKind& kind : evaluator.document_kinds()) {
    evaluator.documents_unreadable(kind.id(), {"objects.broke-off", {kind.type(), error.text()}});
  }
  return std::move(evaluator).finish();
}

std::optional<std::vector<cluster::Pod>> pods_of_node(const kube::Client& client, const std::string& node,
                                                      const std::optional<Version>& version) {
  ObjectParser parser({.seccomp_annotations = seccomp_annotations_count(version), .default_namespace = {}});
  std::vector<cluster::Object> made;
  std::vector<cluster::Pod> pods;
  std::size_t bytes = 0;
  bool all = true;
  const auto take = [&](std::string_view item, kube::Encoding encoding) {
    made.clear();
    const auto parsed = parser.parse_item(cluster::Kind::kPod, item, encoding, made);
    if (!parsed) return all = !split_name(parsed.error().object).name.empty();
    auto* const pod = made.empty() ? nullptr : std::get_if<cluster::Pod>(&made.front());
    if (!pod || pod->phase == "Succeeded" || pod->phase == "Failed") return true;
    bytes += item.size();
    pods.push_back(std::move(*pod));
    return all = bytes <= kMostOfNode;
  };
  const kube::ListOptions options{.field_selector = "spec.nodeName=" + node};
  const auto end = client.list_encoded(kube::kPod, options, take);
  if (!end || !all) return std::nullopt;
  return pods;
}

}  // namespace baseline::objects
