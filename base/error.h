#pragma once

#include <expected>
#include <string>
#include <utility>

namespace baseline::base {

// What kind of failure, for code that must choose what to do next. People read Error::message.
enum class ErrorCode {
  kInvalid,      // the input is wrong: a person must change it
  kNotFound,     // the thing named does not exist
  kForbidden,    // it exists, but this identity may not have it
  kConflict,     // it exists already, or changed since it was read
  kUnavailable,  // not now: try again later
  kLimit,        // larger than the bound this program sets
  kCorrupt,      // data that contradicts itself (digest, framing, truncation)
  kInternal,     // a fault of this program
};

// One failure: a sentence for a tired operator (what, where, what was expected, how to mend it) and the place
// it is about: a file with line, a path inside a document, or a request. A value: free to copy, move and
// store.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
  std::string where;  // "profile.yaml:12", "spec.exemptions[0].expires", "GET /api/v1/nodes"; may be empty

  // "where: message", or the message alone.
  std::string text() const { return where.empty() ? message : where + ": " + message; }

  bool operator==(const Error&) const = default;
};

template <typename T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorCode code, std::string message, std::string where = {}) {
  return std::unexpected(Error{code, std::move(message), std::move(where)});
}

}  // namespace baseline::base
