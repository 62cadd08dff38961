#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <simdjson.h>

#include "objects/limits.h"
#include "objects/parse_error.h"

namespace baseline::objects {

using Json = simdjson::dom::element;

// Reads fields of one object into members, and remembers the first that is not of its type, with the way to
// it. As the API reads JSON: null is the same as absent, and an unknown field is passed over. A member of the
// wrong type is left as it is; whoever started the reading asks error() at its end. Views live as long as the
// parser's document.
class Reader {
 public:
  // Calls field(key, value) for each member. More than `most` of them are an error, and none is read.
  template <typename Field>
  void fields(Json value, Field&& field, std::size_t most = kMostItems) {
    if (value.is_null()) return;
    simdjson::dom::object object;
    if (value.get_object().get(object)) return wrong("object", value);
    if (object.size() > most) return too_many("object", most);
    way_.push_back({});
    for (const auto member : object) {
      way_.back().key = member.key;
      field(member.key, member.value);
    }
    way_.pop_back();
  }
  // Calls item(value) for each element, until it returns false. More than `most` of them, or too many in all
  // lists of the object, are an error, and none is read.
  template <typename Item>
  void items(Json value, Item&& item, std::size_t most = kMostItems) {
    if (value.is_null()) return;
    simdjson::dom::array array;
    if (value.get_array().get(array)) return wrong("array", value);
    if (array.size() > most) return too_many("array", most);
    items_ += array.size();
    if (items_ > kMostItemsInAll) return too_many("arrays", kMostItemsInAll);
    way_.push_back({});
    std::size_t index = 0;
    for (const Json element : array) {
      way_.back().index = index++;
      if (!item(element)) break;
    }
    way_.pop_back();
  }

  void text(Json value, std::string& out);
  void flag(Json value, bool& out);
  void flag(Json value, std::optional<bool>& out);
  void number(Json value, std::optional<std::int64_t>& out);
  void number(Json value, int& out);
  void texts(Json value, std::vector<std::string>& out);
  // A member of `value`, as text: for objects of which one member matters ({"name": "x"}).
  void text_of(Json value, std::string_view key, std::string& out);

  // Notes that something else was expected here; only the first counts.
  void wrong(std::string_view expected, Json found);
  // The same of what has more parts than are read.
  void too_many(std::string_view what, std::size_t most);
  // The same of a member that must be there and is not; `path` is below the value that is being read.
  void missing(std::string_view path, std::string_view expected);
  const std::optional<ParseError>& error() const { return error_; }
  // The way to what is being read: "spec.containers[3]".
  std::string way(std::string_view below = {}) const;
  // The error, of which nothing is remembered then. What was read does not count for the next object.
  std::optional<ParseError> take_error() {
    items_ = 0;
    return std::exchange(error_, std::nullopt);
  }
  // Around an element of a list of any length, which is no part of an object.
  void enter(std::size_t index) { way_.push_back({{}, index}); }
  void leave() { way_.pop_back(); }
  // Forgets everything, before another text.
  void reset();

 private:
  struct Step {
    std::string_view key;
    std::size_t index = 0;
  };
  std::vector<Step> way_;
  std::size_t items_ = 0;  // of all lists of the object
  std::optional<ParseError> error_;
};

// "string", "array": as JSON's own specification names them.
std::string_view type_name(Json value);

}  // namespace baseline::objects
