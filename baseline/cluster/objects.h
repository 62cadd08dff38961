#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"
#include "base/value.h"
#include "baseline/cluster/kinds.h"

// Objects of the Kubernetes API, as much of them as requirements ask for. Plain values; an absent field is
// the default of its member. Source: the API reference of Kubernetes 1.36; fields of later versions are
// passed over.
namespace baseline::cluster {

using Labels = std::map<std::string, std::string>;

struct Metadata {
  std::string ns;  // empty for cluster-scoped kinds
  std::string name;
  Labels labels;
  Labels annotations;  // of what is judged by them: pods and Gatekeeper's templates; values beyond 4 KiB are
                       // empty
  std::string controller_kind, controller_name;  // of the owner reference with controller: true
  std::optional<base::Time> created;
  bool operator==(const Metadata&) const = default;
};

// meta/v1 LabelSelector. One that the API would refuse selects nothing and is `invalid`.
struct LabelSelector {
  enum class Operator { kIn, kNotIn, kExists, kDoesNotExist };
  struct Expression {
    std::string key;
    Operator op = Operator::kExists;
    std::set<std::string, std::less<>> values;  // looked up once for each pod's labels
  };
  Labels match_labels;
  std::vector<Expression> expressions;
  bool invalid = false;
};

// Of a container or a pod: a setting that is not there is "", which leaves the answer to what is above it.
struct SecurityProfile {
  std::string
      type;  // seccomp and AppArmor: RuntimeDefault, Localhost, Unconfined; old annotations mapped to these
  std::string localhost;
  bool operator==(const SecurityProfile&) const = default;
};

struct SecurityContext {
  std::optional<bool> privileged, allow_privilege_escalation, read_only_root_filesystem, run_as_non_root;
  std::optional<std::int64_t> run_as_user;
  std::vector<std::string> capabilities_add, capabilities_drop;  // as written
  SecurityProfile seccomp, apparmor;
  bool selinux = false;  // seLinuxOptions with a type or a level is set
  std::string selinux_type;
  std::optional<bool> host_process;  // windowsOptions.hostProcess
  bool operator==(const SecurityContext&) const = default;
};

struct ContainerPort {
  int port = 0, host_port = 0;
  std::string protocol = "TCP";
  bool operator==(const ContainerPort&) const = default;
};

struct EnvironmentVariable {
  std::string name;
  std::string literal;  // value; empty when it comes from elsewhere
  std::string secret;   // name of the Secret of secretKeyRef
  bool operator==(const EnvironmentVariable&) const = default;
};

struct VolumeMount {
  std::string volume, path;
  bool read_only = false;
  bool operator==(const VolumeMount&) const = default;
};

struct Container {
  enum class List { kContainer, kInit, kSidecar, kEphemeral };  // kSidecar: init with restartPolicy Always
  std::string name, image;
  List list = List::kContainer;
  SecurityContext security;
  std::vector<ContainerPort> ports;
  std::vector<EnvironmentVariable> env;
  std::vector<std::string> env_from_secrets;  // names of Secrets of envFrom
  std::vector<VolumeMount> mounts;
  std::vector<std::string> devices;  // names of volumes of volumeDevices
  bool cpu_request = false, cpu_limit = false, memory_request = false, memory_limit = false;
  bool operator==(const Container&) const = default;
};

struct Volume {
  std::string name;
  std::string host_path, host_path_type;  // not empty: a hostPath volume
  bool is_host_path = false;
  bool service_account_token = false;  // projected serviceAccountToken for the API server's own audience
  std::string csi_driver;
  bool operator==(const Volume&) const = default;
};

// A pod, or the pod that a workload's template makes.
struct Pod {
  Metadata metadata;
  std::string uid;              // metadata.uid; empty where nobody has given it one yet
  bool is_template = false;     // metadata.controller_* then name the workload itself
  std::string node;             // spec.nodeName
  std::string phase;            // status.phase
  std::string service_account;  // "default" when unset
  std::optional<bool> automount_token;
  bool host_network = false, host_ipc = false, host_pid = false;
  std::optional<bool> host_users;
  bool windows = false;      // spec.os.name, or a node selector kubernetes.io/os: windows
  SecurityContext security;  // of the pod; privileged and capabilities do not exist there
  bool pod_cpu_request = false, pod_cpu_limit = false, pod_memory_request = false, pod_memory_limit = false;
  std::vector<Container> containers;  // all lists
  std::vector<Volume> volumes;
  bool truncated = false;  // more containers or volumes than the reader's bounds: what is missing is unknown
  bool operator==(const Pod&) const = default;
};

struct Namespace {
  Metadata metadata;
  std::string phase;
};

struct ServiceAccount {
  Metadata metadata;
  std::optional<bool> automount_token;
};

struct PolicyRule {
  std::vector<std::string> verbs, api_groups, resources, resource_names, non_resource_urls;
};

struct Role {
  Metadata metadata;
  bool cluster = false;
  std::vector<PolicyRule> rules;
  std::vector<LabelSelector> aggregation;  // clusterRoleSelectors; rules of what they select are added
  bool aggregated = false;
};

struct Subject {
  std::string kind, ns, name;  // User, Group, ServiceAccount
};

struct RoleBinding {
  Metadata metadata;
  bool cluster = false;
  std::string role_kind, role_name;
  std::vector<Subject> subjects;
};

// networking.k8s.io, Cilium and Calico policies, as far as which pods they select in which direction.
struct NetworkPolicy {
  Metadata metadata;
  Kind kind = Kind::kNetworkPolicy;
  LabelSelector pods;
  bool ingress = false, egress = false;
  bool ingress_closed = false,
       egress_closed = false;  // the direction applies and no rule lets anything through
  std::string unsupported;  // a selector of an add-on that is not understood: what it is; judged by a person
};

struct Service {
  Metadata metadata;
  std::string type = "ClusterIP";
  Labels selector;  // empty: it selects no pods
  std::vector<int> node_ports;
};

struct ConfigMap {
  Metadata metadata;
  std::vector<std::string> secret_keys;   // keys whose name or value looks like a secret; never a value
  std::vector<std::string> private_keys;  // keys whose value holds a PEM private key
};

struct ResourceQuota {
  Metadata metadata;
  std::vector<std::string> hard;  // names of the resources that it limits
};

struct LimitRange {
  Metadata metadata;
  std::vector<std::string> types;  // Container, Pod, PersistentVolumeClaim
};

struct CertificateSigningRequest {
  Metadata metadata;
  std::string signer, requester;
  bool approved = false, denied = false, issued = false;
  std::string common_name;
  std::vector<std::string> organizations;  // the groups that a client certificate of it names
  bool readable = true;                    // false: spec.request could not be parsed
};

struct VulnerabilityReport {
  Metadata metadata;
  std::string image;
  std::optional<base::Time> updated;
  int critical = 0, fixable_critical = 0;
};

// Any other kind: few objects, read as they are. `document` holds spec, webhooks, and status only, and
// nothing of the kinds that bring secrets from elsewhere.
struct OtherObject {
  Kind kind = Kind::kKyvernoClusterPolicy;
  std::string type;  // "K8sAllowedRepos", where the kind stands for many; empty: its own name
  Metadata metadata;
  base::Value document;
};

using Object =
    std::variant<Namespace, ServiceAccount, Role, RoleBinding, NetworkPolicy, Service, ConfigMap,
                 ResourceQuota, LimitRange, CertificateSigningRequest, VulnerabilityReport, OtherObject, Pod>;

}  // namespace baseline::cluster
