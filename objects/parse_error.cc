#include "objects/parse_error.h"

#include <fmt/format.h>

namespace baseline::objects {

base::Error ParseError::error() const {
  std::string message = object.empty() ? std::string() : object + ": ";
  if (path.empty()) {
    message += fmt::format("{} was expected, found: {}", expected, found);
  } else {
    message += fmt::format("{} is {} where {} was expected", path, found, expected);
  }
  return {is_too_large ? base::ErrorCode::kLimit : base::ErrorCode::kInvalid, std::move(message), {}};
}

Phrase ParseError::reason() const {
  if (path.empty()) return {"objects.refused-text", {expected, found}};
  return {"objects.refused-field", {path, expected, found}};
}

ObjectName split_name(const std::string& object) {
  const std::size_t slash = object.find('/');
  if (slash == std::string::npos) return {{}, object};
  return {object.substr(0, slash), object.substr(slash + 1)};
}

}  // namespace baseline::objects
