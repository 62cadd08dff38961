#include "integration/objects/judged.h"

#include <algorithm>
#include <fstream>
#include <utility>

#include <gtest/gtest.h>

#include "baseline/cluster/evaluator.h"
#include "baseline/standard_loader.h"
#include "kube/curl_transport.h"
#include "objects/file_source.h"
#include "objects/judge.h"

namespace baseline::integration {
namespace {

std::optional<Version> parsed_version(const kube::Client& client) {
  const auto version = client.version();
  EXPECT_TRUE(version) << version.error().text();
  if (!version) return std::nullopt;
  const std::string& text = version->git_version;
  return parse_version(text.starts_with('v') ? text.substr(1) : text);
}

std::optional<Version> server_version() {
  const Connection admin;
  return parsed_version(*admin);
}

}  // namespace

std::shared_ptr<const ResolvedProfile> whole_standard() {
  ProfileSpec spec;
  spec.standard = "kxy-cs001-2023";
  const auto profile = resolve_profile(
      "whole", spec, [](const std::string&) { return std::nullopt; },
      [](const std::string& id) { return built_in_standard(id); });
  EXPECT_TRUE(profile);
  return profile ? *profile : nullptr;
}

const ObjectResult& Judged::row(const std::string& id) const {
  static const ObjectResult kNone;
  const auto it = std::ranges::find(outcome.results, id, &ObjectResult::id);
  EXPECT_NE(it, outcome.results.end()) << id;
  return it == outcome.results.end() ? kNone : *it;
}

std::set<std::string> Judged::with(Status status) const {
  std::set<std::string> ids;
  for (const ObjectResult& result : outcome.results) {
    if (result.status == status) ids.insert(result.id);
  }
  return ids;
}

Judged judge_live(kube::ClientConfig config, int page_size, const Around& around) {
  Judged judged;
  const base::SystemClock clock;
  auto transport = kube::make_curl_transport(std::move(config), clock);
  EXPECT_TRUE(transport) << transport.error().text();
  if (!transport) return judged;
  const auto used = around ? around(*std::move(transport)) : *std::move(transport);
  kube::ClientOptions options;
  options.observer = [&](const kube::CallRecord& call) { judged.asked.insert(call.resource); };
  const kube::Client client(*used, options);
  cluster::ClusterContext context;
  context.version = parsed_version(client);
  const auto version = context.version;
  auto outcome = objects::judge_cluster(client, whole_standard(), std::move(context), base::Time{},
                                        {.version = version, .page_size = page_size});
  EXPECT_TRUE(outcome) << outcome.error().text();
  if (outcome) judged.outcome = *std::move(outcome);
  return judged;
}

std::filesystem::path dumped(const std::string& folder, const std::set<std::string>& resources) {
  const std::filesystem::path path = scratch_folder() / folder;
  std::filesystem::create_directories(path);
  for (const std::string& resource : resources) {
    const Finished got = plane().kubectl({"get", resource, "--all-namespaces", "-o", "json"});
    EXPECT_TRUE(got.ok()) << got.text();
    std::ofstream(path / (resource + ".json")) << got.out;
  }
  return path;
}

ClusterOutcome judge_files(const std::filesystem::path& folder, const std::optional<Judged>& knows) {
  cluster::ClusterContext context;
  context.live = knows.has_value();
  if (knows) context.version = server_version();
  const auto version = context.version;
  cluster::ClusterEvaluator evaluator(whole_standard(), std::move(context), base::Time{});
  objects::EvaluatorSink sink(evaluator);
  if (knows) {
    for (const cluster::KindInfo& kind : cluster::kinds()) {
      const bool read = knows->outcome.objects.contains(cluster::resource_name(kind.kind));
      read ? sink.read(kind.kind) : sink.not_served(kind.kind);
    }
  }
  const auto summary = objects::read_manifests({folder}, sink, {.version = version});
  for (const base::Error& error : summary.errors) ADD_FAILURE() << error.text();
  return std::move(evaluator).finish();
}

std::string in_words(const ObjectResult& result) {
  std::string out(to_string(result.status));
  out += ": " + render(result.message, Language::kEnglish);
  for (const ObjectFinding& one : result.findings) {
    out += "\n  " + std::string(to_string(one.status)) + " " + render(one.subject, Language::kEnglish) +
           ": " + render(one.actual, Language::kEnglish) + " (" + std::to_string(one.pods) + " pods)";
  }
  return out;
}

std::map<std::string, std::string> in_words(const ClusterOutcome& outcome) {
  std::map<std::string, std::string> out;
  for (const ObjectResult& result : outcome.results) out[result.id] = in_words(result);
  return out;
}

}  // namespace baseline::integration
