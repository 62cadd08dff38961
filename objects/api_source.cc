#include "objects/api_source.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "objects/held_objects.h"
#include "objects/kind_listing.h"
#include "objects/parse.h"
#include "objects/served_kinds.h"

namespace baseline::objects {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;
using cluster::KindInfo;

// Kinds in succession that the server could not answer for, after which it is not asked for the others: each
// would cost the client's retries, and say the same.
constexpr int kMostUnavailable = 3;

Phrase refused(const KindInfo& kind, const Error& error) {
  return {"objects.refused", {cluster::resource_name(kind.kind), error.message}};
}

Phrase broke_off(const KindInfo& kind, const Error& error) {
  if (error.code == ErrorCode::kForbidden) return refused(kind, error);
  return {"objects.broke-off", {cluster::resource_name(kind.kind), error.message}};
}

class ClusterReading {
 public:
  ClusterReading(const kube::Client& client, ObjectSink& sink, const ApiOptions& options,
                 const ApiProgress& progress)
      : client_(client),
        sink_(sink),
        options_(options),
        progress_(progress),
        served_(ServedKinds::discover(client)),
        parser_(ParseOptions{seccomp_annotations_count(options.version), {}}) {}

  Result<ApiSummary> run() {
    if (!served_ && served_.error().code != ErrorCode::kForbidden) return std::unexpected(served_.error());
    for (const KindInfo& kind : cluster::kinds()) {
      if (options_.kinds.empty() || options_.kinds.contains(kind.kind)) read(kind);
    }
    return summary_;
  }

 private:
  void read(const KindInfo& kind) {
    if (summary_.stopped || options_.stop.stop_requested()) {
      summary_.stopped = true;
      return unreadable(kind, {"objects.stopped", {cluster::resource_name(kind.kind)}});
    }
    if (options_.on_kind) {
      if (auto reason = options_.on_kind(cluster::resource_name(kind.kind)))
        return unreadable(kind, *std::move(reason));
    }
    if (unavailable_ >= kMostUnavailable) return unreadable(kind, broke_off(kind, last_));
    const auto answer = find(kind);
    if (!answer) return failed(kind, answer.error(), "objects.not-discovered");
    if (!answer->version.empty()) return list(kind, answer->version);
    if (!answer->other_versions.empty()) {
      sink_.unreadable(kind.kind, {"objects.unknown-version",
                                   {cluster::resource_name(kind.kind),
                                    fmt::format("{}", fmt::join(answer->other_versions, ", ")),
                                    fmt::format("{}", fmt::join(known_versions(kind), ", "))}});
    } else if (kind.optional) {
      sink_.not_served(kind.kind);
    } else {
      sink_.unreadable(kind.kind, {"objects.not-served",
                                   {cluster::resource_name(kind.kind),
                                    fmt::format("{}", fmt::join(known_versions(kind), ", "))}});
    }
  }

  // Without the right to discovery, what every server has is still asked for.
  Result<ServedKinds::Answer> find(const KindInfo& kind) {
    if (served_) return served_->find(kind);
    if (kind.optional) return std::unexpected(served_.error());
    return ServedKinds::Answer{known_versions(kind).front(), {}};
  }

  void list(const KindInfo& kind, std::string_view version) {
    HeldObjects held(kind.kind, held_.of_next(), sink_);
    const bool whole = kind.is_group() ? list_group(kind, version, held) : list_one(kind, version, held);
    held_.take(held.finish());
    if (!whole) return;
    unavailable_ = 0;
    sink_.read(kind.kind);
    if (wants_documents(kind)) sink_.documents_read(cluster::kPodDocument);
  }

  // Every resource that the group has now.
  bool list_group(const KindInfo& kind, std::string_view version, HeldObjects& held) {
    const auto resources = client_.api_resources(std::string(kind.group) + "/" + std::string(version));
    if (!resources) {
      failed(kind, resources.error(), "objects.not-discovered");
      return false;
    }
    return std::ranges::all_of(*resources, [&](const kube::ApiResource& one) {
      return list_one(
          {kind.kind, kind.group, kind.versions, one.name, one.kind, one.namespaced, kind.optional}, version,
          held);
    });
  }

  // Whether all of it came, or it is gone; why not is told already.
  bool list_one(const KindInfo& kind, std::string_view version, HeldObjects& held) {
    const KindListing::Progress progress = [&](std::size_t so_far) {
      if (progress_) progress_(kind.kind, so_far);
    };
    const auto result = KindListing(kind, parser_, sink_, held, progress)
                            .run(client_, version, options_.page_size, options_.stop);
    summary_.objects += result.objects;
    if (result.stopped) {
      summary_.stopped = true;
      unreadable(kind, {"objects.stopped", {cluster::resource_name(kind.kind)}});
      return false;
    }
    if (result.error && result.error->code == ErrorCode::kNotFound && kind.optional) {
      if (cluster::info(kind.kind).is_group()) return true;
      sink_.not_served(kind.kind);  // taken away since discovery
      return false;
    }
    if (result.error) {
      failed(kind, *result.error, "");
      return false;
    }
    if (result.broken.empty()) return true;
    unavailable_ = 0;
    sink_.unreadable(kind.kind, result.broken.reason(kind.kind));
    // Documents are not held to the fields that the typed reading needs.
    if (wants_documents(kind)) sink_.documents_read(cluster::kPodDocument);
    return false;
  }

  bool wants_documents(const KindInfo& kind) const {
    return kind.kind == cluster::Kind::kPod && sink_.wants_document(cluster::kPodDocument);
  }

  void unreadable(const KindInfo& kind, Phrase reason) {
    if (wants_documents(kind)) sink_.document_broken(cluster::kPodDocument, reason);
    sink_.unreadable(kind.kind, std::move(reason));
  }

  void failed(const KindInfo& kind, const Error& error, std::string_view key) {
    unavailable_ = error.code == ErrorCode::kUnavailable ? unavailable_ + 1 : 0;
    last_ = error;
    Phrase reason = broke_off(kind, error);
    if (!key.empty()) reason.key = key;
    unreadable(kind, std::move(reason));
  }

  const kube::Client& client_;
  ObjectSink& sink_;
  const ApiOptions& options_;
  const ApiProgress& progress_;
  Result<ServedKinds> served_;
  ObjectParser parser_;
  ApiSummary summary_;
  HeldTotal held_;
  int unavailable_ = 0;
  Error last_;
};

}  // namespace

Result<ApiSummary> read_cluster(const kube::Client& client, ObjectSink& sink, const ApiOptions& options,
                                const ApiProgress& progress) {
  return ClusterReading(client, sink, options, progress).run();
}

}  // namespace baseline::objects
