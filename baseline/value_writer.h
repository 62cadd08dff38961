#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "base/value.h"

// How optional members are written: one that is empty or not set is left out. The counterpart of
// value_reader.h.
namespace baseline {

void set_text(base::Value& map, std::string_view key, const std::string& text);
void set_texts(base::Value& map, std::string_view key, const std::vector<std::string>& texts);
void set_texts(base::Value& map, std::string_view key, const std::map<std::string, std::string>& texts);
void set_time(base::Value& map, std::string_view key, const std::optional<base::Time>& time);

// As a list, even when there are none.
base::Value to_list(const std::vector<std::string>& texts);

}  // namespace baseline
