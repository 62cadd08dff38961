#pragma once

#include <string_view>
#include <vector>

#include "objects/parse.h"
#include "objects/pod_defaults.h"
#include "objects/reader.h"

// How each family of kinds is read. Each appends what the object holds to `out`, and leaves mistakes with the
// reader; what it appended counts only when there are none.
namespace baseline::objects {

using Objects = std::vector<cluster::Object>;

inline constexpr std::size_t kLongestAnnotation = 4096;  // of a longer one the value is left out

void read_metadata(Reader& reader, Json value, cluster::Metadata& out);
void read_labels(Reader& reader, Json value, cluster::Labels& out);

void read_pod(Reader& reader, Json object, const ParseOptions& options, Objects& out);
// A PodTemplateSpec.
void read_pod_template(Reader& reader, Json value, const ParseOptions& options, cluster::Pod& out);
void read_pod_spec(Reader& reader, Json value, cluster::Pod& out);
void read_containers(Reader& reader, Json value, cluster::Container::List list, cluster::Pod& out);
void read_security_context(Reader& reader, Json value, cluster::SecurityContext& out);
ResourceFlags read_resources(Reader& reader, Json value);
// Whether the kind of this API version makes pods from a template.
bool is_workload(std::string_view api_version, std::string_view kind);
void read_workload(Reader& reader, std::string_view kind, Json object, const ParseOptions& options,
                   Objects& out);

void read_namespace(Reader& reader, Json object, Objects& out);
void read_service_account(Reader& reader, Json object, Objects& out);
void read_service(Reader& reader, Json object, Objects& out);
void read_resource_quota(Reader& reader, Json object, Objects& out);
void read_limit_range(Reader& reader, Json object, Objects& out);
void read_config_map(Reader& reader, Json object, Objects& out);
void read_certificate_request(Reader& reader, Json object, Objects& out);
void read_vulnerability_report(Reader& reader, Json object, Objects& out);
void read_other(Reader& reader, cluster::Kind kind, Json object, Objects& out);

void read_role(Reader& reader, bool cluster, Json object, Objects& out);
void read_binding(Reader& reader, bool cluster, Json object, Objects& out);

// networking.k8s.io, Cilium, Calico.
void read_network_policy(Reader& reader, Json object, Objects& out);
void read_cilium_policy(Reader& reader, cluster::Kind kind, Json object, Objects& out);
void read_calico_policy(Reader& reader, cluster::Kind kind, Json object, Objects& out);

}  // namespace baseline::objects
