#include "baseline/value_writer.h"

#include <utility>

namespace baseline {

using base::Value;

void set_text(Value& map, std::string_view key, const std::string& text) {
  if (!text.empty()) map.set(key, text);
}

void set_texts(Value& map, std::string_view key, const std::vector<std::string>& texts) {
  if (!texts.empty()) map.set(key, to_list(texts));
}

void set_texts(Value& map, std::string_view key, const std::map<std::string, std::string>& texts) {
  if (texts.empty()) return;
  Value members = Value::map();
  for (const auto& [name, text] : texts) members.set(name, text);
  map.set(key, std::move(members));
}

void set_time(Value& map, std::string_view key, const std::optional<base::Time>& time) {
  if (time) map.set(key, base::format_time(*time));
}

Value to_list(const std::vector<std::string>& texts) {
  Value list = Value::list();
  for (const std::string& text : texts) list.push_back(text);
  return list;
}

}  // namespace baseline
