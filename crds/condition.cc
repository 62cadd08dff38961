#include "crds/condition.h"

#include <algorithm>
#include <utility>

#include "base/printable.h"
#include "baseline/value_reader.h"

namespace baseline::crds {
namespace {

using base::Value;

// The API's own bounds (metav1.Condition).
constexpr std::size_t kMaxReason = 1024;
constexpr std::size_t kMaxMessage = 32768;

void cut(std::string& text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return;
  constexpr std::string_view kMark = "…";
  std::size_t end = max_bytes - kMark.size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  text.resize(end);
  text += kMark;
}

Condition condition_from(ValueReader& reader) {
  Condition condition;
  reader.read("type", condition.type);
  reader.read("status", condition.status);
  reader.read("reason", condition.reason);
  reader.read("message", condition.message);
  reader.read("observedGeneration", condition.observed_generation);
  std::optional<base::Time> time;
  if (reader.read("lastTransitionTime", time)) condition.last_transition_time = *time;
  return condition;
}

}  // namespace

bool set_condition(std::vector<Condition>& conditions, Condition condition, base::Time now) {
  condition.reason = base::printable(condition.reason);
  condition.message = base::printable(condition.message, base::Breaks::kKept);
  cut(condition.reason, kMaxReason);
  cut(condition.message, kMaxMessage);
  condition.last_transition_time = now;
  const auto it = std::ranges::find(conditions, condition.type, &Condition::type);
  if (it == conditions.end()) {
    conditions.push_back(std::move(condition));
    return true;
  }
  if (it->status == condition.status) condition.last_transition_time = it->last_transition_time;
  if (*it == condition) return false;
  *it = std::move(condition);
  return true;
}

bool remove_condition(std::vector<Condition>& conditions, std::string_view type) {
  return std::erase_if(conditions, [&](const Condition& c) { return c.type == type; }) > 0;
}

const Condition* find_condition(const std::vector<Condition>& conditions, std::string_view type) {
  const auto it = std::ranges::find(conditions, type, &Condition::type);
  return it == conditions.end() ? nullptr : &*it;
}

base::Result<std::vector<Condition>> conditions_from(const base::Value& list, const std::string& path) {
  std::vector<Condition> conditions;
  std::vector<Mistake> mistakes;
  if (!list.is_list() && !list.is_null()) {
    return base::fail(base::ErrorCode::kInvalid, "A list of conditions was expected here.", path);
  }
  for (std::size_t i = 0; i < list.items().size(); ++i) {
    ValueReader reader(list.items()[i], item_path(path, i), mistakes);
    conditions.push_back(condition_from(reader));
  }
  if (!mistakes.empty()) return std::unexpected(to_error(mistakes));
  return conditions;
}

Value to_value(const std::vector<Condition>& conditions) {
  Value list = Value::list();
  for (const Condition& condition : conditions) {
    Value map = Value::map();
    map.set("type", condition.type);
    map.set("status", condition.status);
    map.set("reason", condition.reason);
    map.set("message", condition.message);
    if (condition.observed_generation != 0) map.set("observedGeneration", condition.observed_generation);
    map.set("lastTransitionTime", base::format_time(condition.last_transition_time));
    list.push_back(std::move(map));
  }
  return list;
}

}  // namespace baseline::crds
