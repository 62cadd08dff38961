#include "controllers/profile_reconciler.h"

#include <algorithm>

#include <fmt/format.h>

namespace baseline::controllers {
namespace {

std::int64_t count_expired(const auto& entries, base::Time now) {
  return std::ranges::count_if(entries, [&](const auto& e) { return e.expires && *e.expires <= now; });
}

std::optional<base::Time> next_expiry(const ResolvedProfile& profile, base::Time now) {
  std::optional<base::Time> next;
  const auto look = [&](const auto& entries) {
    for (const auto& e : entries) {
      if (e.expires && *e.expires > now) next = next ? std::min(*next, *e.expires) : *e.expires;
    }
  };
  look(profile.exemptions);
  look(profile.attestations);
  return next;
}

}  // namespace

crds::ProfileStatus profile_status(
    const crds::BaselineProfile& profile,
    const std::expected<std::shared_ptr<const ResolvedProfile>, std::vector<Mistake>>& resolved,
    base::Time now) {
  crds::ProfileStatus status = profile.status;
  status.observed_generation = profile.metadata.generation;
  crds::Condition ready;
  ready.type = crds::kReady;
  ready.observed_generation = profile.metadata.generation;
  if (resolved) {
    const ResolvedProfile& p = **resolved;
    status.resolved_hash = p.hash;
    status.mistakes = 0;
    status.requirements = static_cast<std::int64_t>(p.requirements.size());
    status.exemptions = static_cast<std::int64_t>(p.exemptions.size());
    status.expired_exemptions = count_expired(p.exemptions, now);
    status.attestations = static_cast<std::int64_t>(p.attestations.size());
    status.expired_attestations = count_expired(p.attestations, now);
    ready.status = "True";
    ready.reason = "Resolved";
    ready.message = fmt::format("{} requirements of {}", status.requirements, p.standard->id);
  } else {
    status.resolved_hash.clear();
    status.mistakes = static_cast<std::int64_t>(resolved.error().size());
    status.requirements = status.exemptions = status.expired_exemptions = status.attestations =
        status.expired_attestations = 0;
    ready.status = "False";
    ready.reason = "Invalid";
    ready.message = mistakes_text(resolved.error());
  }
  crds::set_condition(status.conditions, std::move(ready), now);
  return status;
}

base::Result<std::optional<base::Time>> ProfileReconciler::reconcile(const std::string& name) {
  const kube::ObjectPtr object = profiles_.get(name);
  if (!object || (*object)["metadata"].contains("deletionTimestamp")) return std::nullopt;
  const auto profile = crds::profile_from_value(*object);
  if (!profile) return std::unexpected(profile.error());
  const base::Time now = clock_.now();
  const auto resolved = resolver_.resolve(name);
  const crds::ProfileStatus status = profile_status(*profile, resolved, now);
  if (status != profile->status) {
    const auto written =
        apply_status(client_, kProfiles, name, profile->metadata.uid, crds::to_value(status));
    if (!written) return std::unexpected(written.error());
    if (!resolved) {
      kube::ObjectRef about = kube::reference_to(*object);
      about.api_version = std::string(crds::kApiVersion);
      about.kind = "BaselineProfile";
      events_.record({about, kube::EventType::kWarning, "ProfileInvalid", mistakes_text(resolved.error())});
    }
  }
  return resolved ? next_expiry(**resolved, now) : std::nullopt;
}

}  // namespace baseline::controllers
