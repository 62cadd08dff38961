#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "base/value.h"

// metav1.Condition, as kstatus and `kubectl wait` read it.
namespace baseline::crds {

// Condition types. kstatus: Ready=True is current, Reconciling=True in progress, Stalled=True failed.
inline constexpr std::string_view kReady = "Ready";
inline constexpr std::string_view kReconciling = "Reconciling";
inline constexpr std::string_view kStalled = "Stalled";
// On a scan: True when the profile, as it stands now, is not the one the last report was made with.
inline constexpr std::string_view kProfileChanged = "ProfileChanged";
// On a scan: True when the findings of its last report stand in the namespaces, as spec.export asks.
inline constexpr std::string_view kExported = "Exported";

// On a scan: True while somebody sets a field that is no longer part of the API and has no effect.
inline constexpr std::string_view kFieldsIgnored = "FieldsIgnored";

struct Condition {
  std::string type;
  std::string status = "Unknown";  // "True", "False", "Unknown"
  std::string reason;              // one CamelCase word
  std::string message;
  std::int64_t observed_generation = 0;
  base::Time last_transition_time{};

  bool is_true() const { return status == "True"; }
  bool operator==(const Condition&) const = default;
};

inline constexpr std::string_view condition_status(bool holds) {
  return holds ? "True" : "False";
}

// Puts the condition in, or in place of the one of its type. last_transition_time is `now` when the status
// differs from what was there (or nothing was), else it is kept. A message over 32768 bytes and a reason
// over 1024 (the API's bounds) are cut, and what is hidden in either is escaped. True when anything changed.
bool set_condition(std::vector<Condition>& conditions, Condition condition, base::Time now);
bool remove_condition(std::vector<Condition>& conditions, std::string_view type);
const Condition* find_condition(const std::vector<Condition>& conditions, std::string_view type);

base::Result<std::vector<Condition>> conditions_from(const base::Value& list, const std::string& path);
base::Value to_value(const std::vector<Condition>& conditions);

}  // namespace baseline::crds
