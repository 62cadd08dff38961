#include "kube/lease.h"

namespace baseline::kube {
namespace {

using base::Value;
using TimePoint = std::chrono::steady_clock::time_point;
using std::chrono::seconds;

// What a holder may ask others to wait; beyond it the Lease is taken for broken and the default counts.
constexpr seconds kLongestDuration{600};

seconds promised(const LeaseRecord& record) {
  return record.duration > seconds(0) && record.duration <= kLongestDuration ? record.duration
                                                                             : LeaseTimes{}.duration;
}

// The same renewal: a write to labels or other metadata is none.
bool same_renewal(const LeaseRecord& a, const LeaseRecord& b) {
  return a.holder == b.holder && a.renew_time == b.renew_time && a.acquire_time == b.acquire_time &&
         a.transitions == b.transitions && a.duration == b.duration;
}

void set_or_erase(Value& spec, std::string_view key, const std::string& text) {
  if (text.empty()) {
    spec.erase(key);
  } else {
    spec.set(key, text);
  }
}

}  // namespace

LeaseStep decide_lease(const std::optional<LeaseRecord>& observed, LeaseMemory& memory,
                       std::string_view identity, TimePoint now) {
  const bool is_new = !memory.seen || !observed || !same_renewal(*memory.seen, *observed);
  if (is_new) memory.seen_changed = now;
  memory.seen = observed;
  if (!observed) return LeaseStep::kCreate;
  if (observed->holder == identity) return LeaseStep::kRenew;
  if (observed->holder.empty()) return LeaseStep::kTake;
  return now < memory.seen_changed + promised(*observed) ? LeaseStep::kWait : LeaseStep::kTake;
}

bool lease_lost(const LeaseMemory& memory, TimePoint now, const LeaseTimes& times) {
  return memory.renewed && now - *memory.renewed >= times.renew_deadline;
}

LeaseRecord read_lease(const Value& lease) {
  const Value& spec = lease["spec"];
  return {spec["holderIdentity"].as_string(), spec["renewTime"].as_string(),
          spec["acquireTime"].as_string(),    seconds(spec["leaseDurationSeconds"].as_int()),
          spec["leaseTransitions"].as_int(),  lease["metadata"]["resourceVersion"].as_string()};
}

void write_lease(const LeaseRecord& record, Value& lease) {
  Value spec = lease["spec"].is_map() ? lease["spec"] : Value::map();
  spec.set("holderIdentity", record.holder);
  spec.set("leaseDurationSeconds", static_cast<std::int64_t>(record.duration.count()));
  spec.set("leaseTransitions", record.transitions);
  set_or_erase(spec, "acquireTime", record.acquire_time);
  set_or_erase(spec, "renewTime", record.renew_time);
  lease.set("spec", std::move(spec));
}

}  // namespace baseline::kube
