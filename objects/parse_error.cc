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
  return {base::ErrorCode::kInvalid, std::move(message), {}};
}

}  // namespace baseline::objects
