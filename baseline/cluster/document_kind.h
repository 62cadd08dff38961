#pragma once

#include <array>
#include <string>
#include <string_view>

// Kinds of objects whose documents requirements look into by path: any kind that the API may have, named as a
// manifest names it.
namespace baseline::cluster {

struct DocumentKind {
  std::string group;      // "" for the core group
  std::string versions;   // preferred first, separated by spaces: "v1 v1beta1"
  std::string kind;       // "Deployment"
  bool optional = false;  // an add-on or a version's own kind: not served is an answer, no error

  // "Deployment.apps", "Pod": what makes two of them the same, whatever their version.
  std::string id() const { return group.empty() ? kind : kind + "." + group; }
  // "apps/v1 Deployment": the preferred version, as manifests and mistakes name it.
  std::string type() const {
    const std::string version = versions.substr(0, versions.find(' '));
    return (group.empty() ? version : group + "/" + version) + " " + kind;
  }
};

// "apps/v1 Deployment" -> "Deployment.apps".
inline std::string document_id(std::string_view api_version, std::string_view kind) {
  const std::size_t slash = api_version.find('/');
  std::string id(kind);
  if (slash != std::string_view::npos) id.append(".").append(api_version.substr(0, slash));
  return id;
}

inline constexpr std::string_view kPodDocument = "Pod";

// What makes pods: where there are no pods to look at (files), their templates stand in.
inline constexpr std::array<std::string_view, 7> kTemplateDocuments{
    "Deployment.apps", "StatefulSet.apps",      "DaemonSet.apps", "ReplicaSet.apps",
    "Job.batch",       "ReplicationController", "CronJob.batch"};

}  // namespace baseline::cluster
