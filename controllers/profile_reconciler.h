#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "controllers/profile_resolver.h"
#include "controllers/stores.h"
#include "crds/baseline_profile.h"
#include "kube/client.h"
#include "kube/events.h"

namespace baseline::controllers {

// The status a profile should have. Pure.
crds::ProfileStatus profile_status(
    const crds::BaselineProfile& profile,
    const std::expected<std::shared_ptr<const ResolvedProfile>, std::vector<Mistake>>& resolved,
    base::Time now);

// Keeps the status of BaselineProfiles true. One reconcile of a name at a time; different names on different
// threads.
class ProfileReconciler {
 public:
  ProfileReconciler(const kube::Client& client, const Store& profiles, const ProfileResolver& resolver,
                    const base::Clock& clock, kube::EventRecorder& events)
      : client_(client), profiles_(profiles), resolver_(resolver), clock_(clock), events_(events) {}

  // Writes only when the status differs. The time, if any, is when an expiry will change the status.
  base::Result<std::optional<base::Time>> reconcile(const std::string& name);

 private:
  const kube::Client& client_;
  const Store& profiles_;
  const ProfileResolver& resolver_;
  const base::Clock& clock_;
  kube::EventRecorder& events_;
};

}  // namespace baseline::controllers
