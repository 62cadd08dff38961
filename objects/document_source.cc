#include "objects/document_source.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/json.h"
#include "objects/limits.h"
#include "objects/list_order.h"
#include "objects/parse.h"

namespace baseline::objects {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;
using cluster::DocumentKind;

std::vector<std::string> versions_of(const DocumentKind& kind) {
  std::vector<std::string> versions;
  for (std::string_view rest = kind.versions; !rest.empty();) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    versions.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return versions;
}

// As in kind_listing.cc.
std::string key_of(const base::Value& object) {
  const std::string& ns = object.at("metadata.namespace").as_string();
  const std::string& name = object.at("metadata.name").as_string();
  return ns.empty() ? name : ns + "/" + name;
}

class DocumentReading {
 public:
  DocumentReading(const kube::Client& client, cluster::ClusterEvaluator& evaluator, const ApiOptions& options)
      : client_(client), evaluator_(evaluator), options_(options), groups_(client.groups()) {}

  void read(const DocumentKind& kind) {
    if (options_.stop.stop_requested()) return unreadable(kind, {"objects.stopped", {kind.type()}});
    if (options_.on_kind) {
      if (auto reason = options_.on_kind(kind.type())) return unreadable(kind, *std::move(reason));
    }
    const std::vector<std::string> wanted = versions_of(kind);
    std::vector<std::string> served = wanted;  // the core group is always there
    if (!kind.group.empty()) {
      if (!groups_) return failed(kind, groups_.error(), "objects.not-discovered");
      const auto group = std::ranges::find(*groups_, kind.group, &kube::ApiGroup::name);
      if (group == groups_->end()) return evaluator_.documents_not_served(kind.id());
      served = group->versions;
    }
    for (const std::string& version : wanted) {
      if (std::ranges::find(served, version) == served.end()) continue;
      const auto resource = find(kind, version);
      if (!resource) return failed(kind, resource.error(), "objects.not-discovered");
      if (!resource->name.empty()) return list(kind, version, *resource);
    }
    absent(kind, wanted, served);
  }

 private:
  Result<kube::ApiResource> find(const DocumentKind& kind, const std::string& version) const {
    const std::string api_version = kind.group.empty() ? version : kind.group + "/" + version;
    auto resources = client_.api_resources(api_version);
    if (!resources) return std::unexpected(std::move(resources.error()));
    const auto found = std::ranges::find(*resources, kind.kind, &kube::ApiResource::kind);
    return found == resources->end() ? kube::ApiResource{} : *found;
  }

  // Not in the versions that were named. In another one it is there after all, and nothing is known of it.
  void absent(const DocumentKind& kind, const std::vector<std::string>& wanted,
              const std::vector<std::string>& served) {
    std::vector<std::string> elsewhere;
    for (const std::string& version : served) {
      if (std::ranges::find(wanted, version) != wanted.end()) continue;
      const auto resource = find(kind, version);
      if (!resource) return failed(kind, resource.error(), "objects.not-discovered");
      if (!resource->name.empty()) elsewhere.push_back(version);
    }
    if (elsewhere.empty()) return evaluator_.documents_not_served(kind.id());
    unreadable(kind, {"objects.other-version", {kind.type(), fmt::format("{}", fmt::join(elsewhere, ", "))}});
  }

  void list(const DocumentKind& kind, const std::string& version, const kube::ApiResource& resource) {
    const kube::ResourceKind of{kind.group, version, resource.name, kind.kind, resource.namespaced};
    const std::string id = kind.id();
    kube::ListOptions options;
    options.page_size = options_.page_size;
    ListOrder order;
    options.begin_again = [&order] { return order.begin_again(); };
    bool stopped = false;
    auto end = client_.list_raw(of, options, [&](std::string_view json) {
      const auto object = base::parse_json(json, kind.type(), kLargestDocument);
      const std::string key = object ? key_of(*object) : name_in(json);
      const bool before = order.came_before(key);
      if (order.is_lost()) return false;
      if (!object) {
        const ObjectName named = split_name(key);
        const Phrase reason{"objects.refused-text", {"JSON", object.error().message}};
        if (!before) evaluator_.refuse_document(id, named.ns, named.name, reason);
      } else if (!before) {
        evaluator_.add_document(id, *object);
      }
      stopped = options_.stop.stop_requested();
      return !stopped;
    });
    if (stopped || options_.stop.stop_requested())
      return unreadable(kind, {"objects.stopped", {kind.type()}});
    if (end && order.is_lost())
      end = std::unexpected(Error{ErrorCode::kUnavailable, "410 Expired", of.collection_path("")});
    if (!end && end.error().code == ErrorCode::kNotFound) return evaluator_.documents_not_served(id);
    if (!end) return failed(kind, end.error(), "objects.broke-off");
    evaluator_.documents_read(id);
  }

  void failed(const DocumentKind& kind, const Error& error, std::string_view key) {
    const bool refused = error.code == ErrorCode::kForbidden && key == "objects.broke-off";
    unreadable(kind, {refused ? "objects.refused" : std::string(key), {kind.type(), error.message}});
  }
  void unreadable(const DocumentKind& kind, Phrase reason) {
    evaluator_.documents_unreadable(kind.id(), std::move(reason));
  }

  const kube::Client& client_;
  cluster::ClusterEvaluator& evaluator_;
  const ApiOptions& options_;
  Result<std::vector<kube::ApiGroup>> groups_;
};

}  // namespace

void read_documents(const kube::Client& client, cluster::ClusterEvaluator& evaluator,
                    const ApiOptions& options, bool pods) {
  std::vector<DocumentKind> kinds = evaluator.document_kinds();
  if (!pods)
    std::erase_if(kinds, [](const DocumentKind& kind) { return kind.id() == cluster::kPodDocument; });
  if (kinds.empty()) return;
  DocumentReading reading(client, evaluator, options);
  for (const DocumentKind& kind : kinds) reading.read(kind);
}

}  // namespace baseline::objects
