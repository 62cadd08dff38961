#include <algorithm>
#include <array>

#include "objects/readers.h"

namespace baseline::objects {
namespace {

using cluster::Pod;

struct WorkloadKind {
  std::string_view kind, group, old_group;
};

constexpr auto kWorkloads = std::to_array<WorkloadKind>({
    {"Deployment", "apps", "extensions"},
    {"StatefulSet", "apps", "apps"},
    {"DaemonSet", "apps", "extensions"},
    {"ReplicaSet", "apps", "extensions"},
    {"ReplicationController", "", ""},
    {"Job", "batch", "batch"},
    {"CronJob", "batch", "batch"},
    {"PodTemplate", "", ""},
});

// A Job that is done makes no pods any more.
bool has_ended(Reader& reader, Json status) {
  bool ended = false;
  reader.fields(status, [&](std::string_view key, Json member) {
    if (key != "conditions") return;
    reader.items(member, [&](Json condition) {
      std::string type;
      std::string is;
      reader.text_of(condition, "type", type);
      reader.text_of(condition, "status", is);
      ended = ended || ((type == "Complete" || type == "Failed") && is == "True");
      return true;
    });
  });
  return ended;
}

struct Template {
  Pod pod;
  bool found = false;
  int replicas = 1;
};

void read_template(Reader& reader, Json value, const ParseOptions& options, Template& out) {
  if (value.is_null()) return;
  out.found = true;
  read_pod_template(reader, value, options, out.pod);
}

void read_workload_spec(Reader& reader, Json value, const ParseOptions& options, Template& out) {
  reader.fields(value, [&](std::string_view key, Json member) {
    if (key == "template") {
      read_template(reader, member, options, out);
    } else if (key == "replicas") {
      reader.number(member, out.replicas);
    } else if (key == "jobTemplate") {
      reader.fields(member, [&](std::string_view part, Json inner) {
        if (part == "spec") read_workload_spec(reader, inner, options, out);
      });
    }
  });
}

}  // namespace

bool is_workload(std::string_view api_version, std::string_view kind) {
  const std::size_t slash = api_version.find('/');
  const std::string_view group =
      slash == std::string_view::npos ? std::string_view() : api_version.substr(0, slash);
  return std::ranges::any_of(kWorkloads, [&](const WorkloadKind& one) {
    return one.kind == kind && (one.group == group || one.old_group == group);
  });
}

void read_workload(Reader& reader, std::string_view kind, Json object, const ParseOptions& options,
                   Objects& out) {
  Template found;
  cluster::Metadata workload;
  bool ended = false;
  reader.fields(object, [&](std::string_view key, Json member) {
    if (key == "metadata") {
      read_metadata(reader, member, workload);
    } else if (key == "spec") {
      read_workload_spec(reader, member, options, found);
    } else if (key == "template") {
      read_template(reader, member, options, found);
    } else if (key == "status" && kind == "Job") {
      ended = has_ended(reader, member);
    }
  });
  if (!found.found) return reader.missing("spec.template", "object");
  // A revision that its Deployment has left behind makes no pods.
  const bool owned = !workload.controller_kind.empty();
  if (ended || (kind == "ReplicaSet" && owned && found.replicas == 0)) return;
  Pod& pod = found.pod;
  pod.is_template = true;
  pod.metadata.ns = std::move(workload.ns);
  pod.metadata.created = workload.created;
  pod.metadata.controller_kind = owned ? std::move(workload.controller_kind) : std::string(kind);
  pod.metadata.controller_name = owned ? std::move(workload.controller_name) : workload.name;
  pod.metadata.name = std::move(workload.name);
  out.emplace_back(std::move(pod));
}

}  // namespace baseline::objects
