#pragma once

#include <algorithm>
#include <string>

#include "baseline/cluster/objects.h"

// Small questions about a pod that several checks ask.
namespace baseline::cluster {

// The mirror of a static pod: it has no service account and no token. The API server refuses both to whoever
// writes the annotation by hand.
inline bool is_mirror(const Pod& pod) {
  return pod.metadata.annotations.contains("kubernetes.io/config.mirror");
}

inline std::string account_of(const Pod& pod) {
  return pod.service_account.empty() ? "default" : pod.service_account;
}

// A volume with a token for the API, whatever the automount settings say.
inline bool has_token_volume(const Pod& pod) {
  return std::ranges::any_of(pod.volumes, &Volume::service_account_token);
}

}  // namespace baseline::cluster
