#include "node-runner/json_members.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

namespace baseline::runner {
namespace {

using base::ErrorCode;
using base::Value;

bool has_duplicate(const Value::Map& members) {
  std::vector<std::string_view> keys;
  keys.reserve(members.size());
  for (const Value::Member& member : members) keys.push_back(member.first);
  std::ranges::sort(keys);
  return std::ranges::adjacent_find(keys) != keys.end();
}

// Receives the reader's events. `object_depth`: how many containers are open inside an object whose members
// are chosen from: one for an object, two for a list of them.
class Chooser {
 public:
  Chooser(std::span<const std::string_view> names, const JsonBounds& bounds, std::size_t object_depth,
          const std::function<void(const Value&)>& visit)
      : names_(names), bounds_(bounds), object_depth_(object_depth), visit_(visit) {}

  bool Null() { return scalar(Value()); }
  bool Bool(bool b) { return scalar(b); }
  bool Int(int i) { return scalar(i); }
  bool Uint(unsigned u) { return scalar(static_cast<std::int64_t>(u)); }
  bool Int64(std::int64_t i) { return scalar(i); }
  bool Uint64(std::uint64_t u) {
    return scalar(u <= INT64_MAX ? Value(static_cast<std::int64_t>(u)) : Value(static_cast<double>(u)));
  }
  bool Double(double d) { return scalar(d); }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) { return String(text, size, true); }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    if (!wanted_) return scalar(Value());
    return scalar(Value(std::string(text, size)));
  }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    const std::string_view key(text, size);
    if (depth_ == object_depth_) wanted_ = std::ranges::find(names_, key) != names_.end();
    if (wanted_) open_.back().key = key;
    return true;
  }
  bool StartObject() { return start(true); }
  bool StartArray() { return start(false); }
  bool EndObject(rapidjson::SizeType) { return end(true); }
  bool EndArray(rapidjson::SizeType) { return end(false); }

  const base::Error& error() const { return error_; }

 private:
  struct Open {
    bool is_map = false;
    std::string key = {};  // of the member that comes next
    Value::Map members = {};
    Value::List items = {};
  };

  bool stop(ErrorCode code, const char* message) {
    error_ = {code, message, {}};
    return false;
  }
  bool wrong_shape() {
    return stop(ErrorCode::kInvalid,
                object_depth_ == 1 ? "it is not a JSON object" : "it is not a JSON list of objects");
  }

  bool scalar(Value value) {
    if (depth_ < object_depth_) return wrong_shape();
    return !wanted_ || add(std::move(value));
  }

  bool add(Value value) {
    if (++values_ > bounds_.values) return stop(ErrorCode::kLimit, "it holds more values than are read");
    Open& parent = open_.back();
    if (parent.is_map) {
      parent.members.emplace_back(std::move(parent.key), std::move(value));
    } else {
      parent.items.push_back(std::move(value));
    }
    return true;
  }

  bool start(bool is_map) {
    if (depth_ >= bounds_.depth) return stop(ErrorCode::kLimit, "it is nested deeper than is read");
    if (depth_ < object_depth_ && is_map != (depth_ + 1 == object_depth_)) return wrong_shape();
    ++depth_;
    if (depth_ == object_depth_) {
      open_.clear();
      open_.push_back({.is_map = true});
      values_ = 0;
      wanted_ = false;
    } else if (wanted_) {
      open_.push_back({.is_map = is_map});
    }
    return true;
  }

  bool end(bool is_map) {
    const std::size_t depth = depth_--;
    if (depth < object_depth_ || (depth > object_depth_ && !wanted_)) return true;
    Open done = std::move(open_.back());
    open_.pop_back();
    if (is_map && has_duplicate(done.members)) return stop(ErrorCode::kCorrupt, "a key stands in it twice");
    Value value = is_map ? Value(std::move(done.members)) : Value(std::move(done.items));
    if (depth > object_depth_) return add(std::move(value));
    wanted_ = false;
    visit_(value);
    return true;
  }

  std::span<const std::string_view> names_;
  const JsonBounds& bounds_;
  std::size_t object_depth_;
  const std::function<void(const Value&)>& visit_;
  std::size_t depth_ = 0;
  std::size_t values_ = 0;
  bool wanted_ = false;
  std::vector<Open> open_;
  base::Error error_{ErrorCode::kCorrupt, "it is not valid JSON", {}};
};

base::Result<void> read(std::string_view text, Chooser& chooser) {
  rapidjson::MemoryStream bytes(text.data(), text.size());
  // MemoryStream ends with NUL; the reader works without recursion, so that no nesting can exhaust the stack.
  rapidjson::Reader reader;
  if (reader.Parse<rapidjson::kParseIterativeFlag>(bytes, chooser)) return {};
  return std::unexpected(chooser.error());
}

}  // namespace

base::Result<Value> parse_json_members(std::string_view text, std::span<const std::string_view> names,
                                       const JsonBounds& bounds) {
  Value out = Value::map();
  const std::function<void(const Value&)> keep = [&out](const Value& value) { out = value; };
  Chooser chooser(names, bounds, 1, keep);
  if (auto done = read(text, chooser); !done) return std::unexpected(done.error());
  return out;
}

base::Result<void> parse_json_items(std::string_view text, std::span<const std::string_view> names,
                                    const std::function<void(const Value&)>& visit,
                                    const JsonBounds& bounds) {
  Chooser chooser(names, bounds, 2, visit);
  return read(text, chooser);
}

}  // namespace baseline::runner
