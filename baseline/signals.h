#pragma once

#include <string>
#include <string_view>
#include <vector>

// What a node tells about the whole cluster, in a word each: requirements about objects rest on some of it. A
// signal is set by a node that runs an API server, and only when it is certain.
namespace baseline {
class NodeView;
}

namespace baseline::signals {

inline constexpr std::string_view kImagePolicyWebhook =
    "apiserver.image-policy-webhook";  // the plugin is enabled
inline constexpr std::string_view kNoImagePolicyWebhook = "apiserver.no-image-policy-webhook";
inline constexpr std::string_view kEncryptionAtRest = "apiserver.encryption-at-rest";  // 5.1.4.2 holds
inline constexpr std::string_view kNoEncryptionAtRest =
    "apiserver.no-encryption-at-rest";                       // 5.1.4.2 does not
inline constexpr std::string_view kRbac = "apiserver.rbac";  // RBAC is an authorizer
inline constexpr std::string_view kNoRbac = "apiserver.no-rbac";
inline constexpr std::string_view kPodSecurityPolicy =
    "apiserver.pod-security-policy";  // the plugin is enabled
inline constexpr std::string_view kAnonymousRequests =
    "apiserver.anonymous-requests";  // let in beyond health checks
inline constexpr std::string_view kNoAnonymousRequests = "apiserver.no-anonymous-requests";

// The PodSecurity plugin refuses pods of namespaces without a label: the level follows, baseline or
// restricted.
inline constexpr std::string_view kPodSecurityDefault = "apiserver.pod-security-default=";
inline constexpr std::string_view kNoPodSecurityDefault =
    "apiserver.no-pod-security-default";  // it is not known to
// A namespace follows, which the plugin passes over whatever its labels say.
inline constexpr std::string_view kPodSecurityExempt = "apiserver.pod-security-exempt=";

// The signals of a node, sorted. What a node says yes to, another may say no to: both are then there.
std::vector<std::string> of_node(const NodeView& node);

// Of any node: its pods were known when it was judged, so that nobody else need judge them (node_objects.h).
inline constexpr std::string_view kPodsJudged = "node.pods-judged";

}  // namespace baseline::signals
