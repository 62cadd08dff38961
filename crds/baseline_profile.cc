#include "crds/baseline_profile.h"

#include <utility>

#include "baseline/value_reader.h"

namespace baseline::crds {
namespace {

using base::Value;

base::Result<ProfileStatus> status_from(const Value& value) {
  ProfileStatus status;
  std::vector<Mistake> mistakes;
  ValueReader reader(value, "status", mistakes);
  reader.read("observedGeneration", status.observed_generation);
  reader.read("resolvedHash", status.resolved_hash);
  reader.read("mistakes", status.mistakes);
  reader.read("requirements", status.requirements);
  reader.read("exemptions", status.exemptions);
  reader.read("expiredExemptions", status.expired_exemptions);
  reader.read("attestations", status.attestations);
  reader.read("expiredAttestations", status.expired_attestations);
  auto conditions = conditions_from(value["conditions"], "status.conditions");
  if (!conditions) return std::unexpected(std::move(conditions.error()));
  if (!mistakes.empty()) return std::unexpected(to_error(mistakes));
  status.conditions = std::move(*conditions);
  return status;
}

}  // namespace

base::Result<BaselineProfile> profile_from_value(const Value& object) {
  auto metadata = object_meta_from(object["metadata"]);
  if (!metadata) return std::unexpected(std::move(metadata.error()));
  BaselineProfile profile{std::move(*metadata), object["spec"], {}};
  if (!profile.spec.is_map() && !profile.spec.is_null()) {
    return base::fail(base::ErrorCode::kInvalid, "A map was expected here.", "spec");
  }
  if (auto status = status_from(object["status"])) profile.status = std::move(*status);
  return profile;
}

Value to_value(const ProfileStatus& status) {
  Value map = Value::map();
  map.set("observedGeneration", status.observed_generation);
  if (!status.resolved_hash.empty()) map.set("resolvedHash", status.resolved_hash);
  map.set("mistakes", status.mistakes);
  map.set("requirements", status.requirements);
  map.set("exemptions", status.exemptions);
  map.set("expiredExemptions", status.expired_exemptions);
  map.set("attestations", status.attestations);
  map.set("expiredAttestations", status.expired_attestations);
  map.set("conditions", to_value(status.conditions));
  return map;
}

Value to_value(const BaselineProfile& profile) {
  Value object = Value::map();
  object.set("apiVersion", kApiVersion);
  object.set("kind", "BaselineProfile");
  object.set("metadata", to_value(profile.metadata));
  object.set("spec", profile.spec);
  if (profile.status != ProfileStatus{}) object.set("status", to_value(profile.status));
  return object;
}

}  // namespace baseline::crds
