#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace baseline::base {

// A JSON-shaped document: what YAML files, JSON replies and custom resources are read into before they become
// typed. Keeps the order of keys (reports must be written the same way every time) and the line a value came
// from (0 when unknown), so that a mistake can be named by file, line and path. A plain value; a const Value
// is safe to share.
class Value {
 public:
  using List = std::vector<Value>;
  using Member = std::pair<std::string, Value>;
  using Map = std::vector<Member>;  // few keys: a vector is smaller and faster than a tree

  Value() = default;
  Value(std::nullptr_t) {}
  Value(bool v) : data_(v) {}
  Value(int v) : data_(static_cast<std::int64_t>(v)) {}
  Value(std::int64_t v) : data_(v) {}
  Value(double v) : data_(v) {}
  Value(const char* v) : data_(std::string(v)) {}
  Value(std::string v) : data_(std::move(v)) {}
  Value(std::string_view v) : data_(std::string(v)) {}
  Value(List v) : data_(std::move(v)) {}
  Value(Map v) : data_(std::move(v)) {}

  static Value list() { return Value(List{}); }
  static Value map() { return Value(Map{}); }

  bool is_null() const { return std::holds_alternative<std::monostate>(data_); }
  bool is_bool() const { return std::holds_alternative<bool>(data_); }
  bool is_int() const { return std::holds_alternative<std::int64_t>(data_); }
  bool is_number() const { return is_int() || std::holds_alternative<double>(data_); }
  bool is_string() const { return std::holds_alternative<std::string>(data_); }
  bool is_list() const { return std::holds_alternative<List>(data_); }
  bool is_map() const { return std::holds_alternative<Map>(data_); }

  // Typed reads never throw: a value of another kind reads as the fallback (or an empty container).
  bool as_bool(bool fallback = false) const;
  std::int64_t as_int(std::int64_t fallback = 0) const;
  double as_double(double fallback = 0) const;
  const std::string& as_string() const;  // "" for another kind
  const List& items() const;             // empty for another kind
  const Map& members() const;            // empty for another kind

  // A scalar in words: true, 30, "text"; empty for lists, maps and null.
  std::string scalar_text() const;
  // "a map", "a list", "a string", "an integer", …: for messages about what was found.
  std::string_view kind_name() const;

  // Lookup in a map; null for a missing key or another kind.
  const Value& operator[](std::string_view key) const;
  const Value* find(std::string_view key) const;
  Value* find(std::string_view key);
  bool contains(std::string_view key) const { return find(key) != nullptr; }
  // Dotted lookup: at("spec.schedule"). Keys with dots in them are not reachable this way.
  const Value& at(std::string_view dotted) const;

  // Sets a key, in place if it exists, else at the end. A null value becomes a map.
  Value& set(std::string_view key, Value v);
  void push_back(Value v);  // a null value becomes a list
  bool erase(std::string_view key);

  int line() const { return line_; }  // 1-based; 0 unknown
  void set_line(int line) { line_ = line; }

  // Equality of content: lines do not count, the order of a map's keys does not count.
  bool operator==(const Value& other) const;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, List, Map> data_;
  int line_ = 0;
};

}  // namespace baseline::base
