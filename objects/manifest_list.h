#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace baseline::objects {

// A List in JSON that is too long to be taken apart as a whole: its items are handed on one by one.
struct ListType {
  std::string api_version, kind;  // of the list: "v1", "List"
};
// What the text is a list of; nothing: it is none, or no JSON. The text may be given spare capacity.
std::optional<ListType> list_type(std::string& text);

// Calls item(json, line) for each item of such a list, with the line on which it begins. An error when the
// text ends or breaks off before the list does; the items before that were handed on.
base::Result<void> walk_list(std::string& text,
                             const std::function<void(std::string_view json, int line)>& item);

}  // namespace baseline::objects
