#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "base/value.h"
#include "baseline/model.h"

namespace baseline {

// `candidates` nearest to `word` by few slips of the pen, or "".
std::string nearest(std::string_view word, std::span<const std::string> candidates);

// "spec.parameters" + "5.1.2.1" -> spec.parameters["5.1.2.1"]; plain names are joined by a dot.
std::string child_path(const std::string& path, std::string_view key);
std::string item_path(const std::string& path, std::size_t index);

// Reads the fields of one map into typed places. Nothing is thrown or returned early: every mistake goes to
// the list with path and line, and the place keeps what it had. A null value counts as absent. Each read
// says whether the field was there and right.
class ValueReader {
 public:
  // A value that is neither a map nor null is itself a mistake.
  ValueReader(const base::Value& map, std::string path, std::vector<Mistake>& mistakes);

  bool read(std::string_view key, std::string& out);
  bool read(std::string_view key, bool& out);
  bool read(std::string_view key, int& out);
  bool read(std::string_view key, std::int64_t& out);
  bool read(std::string_view key, std::optional<base::Time>& out);  // RFC 3339
  bool read(std::string_view key, std::vector<std::string>& out);
  bool read(std::string_view key, std::map<std::string, std::string>& out);
  bool read(std::string_view key, std::map<std::string, int>& out);

  // The field, or null when it is absent or null; `kind` is "a map" or "a list", and anything else is a
  // mistake and reads as null.
  const base::Value* map(std::string_view key) { return child(key, /*list=*/false); }
  const base::Value* list(std::string_view key) { return child(key, /*list=*/true); }
  const base::Value* any(std::string_view key);

  // After all reads: a key that none of them asked for is a mistake, with the nearest known key.
  void reject_unknown();

  std::string path(std::string_view key) const { return child_path(path_, key); }
  int line(std::string_view key) const;
  // Adds a mistake about a field, or (key "") about the map itself.
  void mistake(std::string_view key, std::string message);

 private:
  const base::Value* child(std::string_view key, bool list);
  bool wrong_kind(std::string_view key, const base::Value& found, std::string_view expected);

  const base::Value& map_;
  std::string path_;
  std::vector<Mistake>& mistakes_;
  std::vector<std::string> known_;
};

// The line of what a mistake's path names ("spec.parameters[\"5.1.2.1\"].minimum"), or of the nearest thing
// above it that is there. 0 in a document without lines.
int line_at(const base::Value& document, std::string_view path);

// The first mistake as an error of kind kInvalid, for readers that stop at one.
base::Error to_error(const std::vector<Mistake>& mistakes);

}  // namespace baseline
