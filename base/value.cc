#include "base/value.h"

#include <fmt/format.h>

namespace baseline::base {
namespace {

const Value kNull;
const std::string kEmptyString;
const Value::List kEmptyList;
const Value::Map kEmptyMap;

}  // namespace

bool Value::as_bool(bool fallback) const {
  const bool* v = std::get_if<bool>(&data_);
  return v ? *v : fallback;
}

std::int64_t Value::as_int(std::int64_t fallback) const {
  const auto* v = std::get_if<std::int64_t>(&data_);
  return v ? *v : fallback;
}

double Value::as_double(double fallback) const {
  if (const double* v = std::get_if<double>(&data_)) return *v;
  if (const auto* v = std::get_if<std::int64_t>(&data_)) return static_cast<double>(*v);
  return fallback;
}

const std::string& Value::as_string() const {
  const auto* v = std::get_if<std::string>(&data_);
  return v ? *v : kEmptyString;
}

const Value::List& Value::items() const {
  const auto* v = std::get_if<List>(&data_);
  return v ? *v : kEmptyList;
}

const Value::Map& Value::members() const {
  const auto* v = std::get_if<Map>(&data_);
  return v ? *v : kEmptyMap;
}

std::string Value::scalar_text() const {
  if (is_bool()) return as_bool() ? "true" : "false";
  if (is_int()) return std::to_string(as_int());
  if (is_number()) return fmt::format("{}", as_double());
  return as_string();
}

std::string_view Value::kind_name() const {
  if (is_null()) return "nothing";
  if (is_bool()) return "a boolean";
  if (is_int()) return "an integer";
  if (is_number()) return "a number";
  if (is_string()) return "a string";
  return is_list() ? "a list" : "a map";
}

const Value* Value::find(std::string_view key) const {
  for (const Member& m : members()) {
    if (m.first == key) return &m.second;
  }
  return nullptr;
}

Value* Value::find(std::string_view key) {
  return const_cast<Value*>(std::as_const(*this).find(key));
}

const Value& Value::operator[](std::string_view key) const {
  const Value* v = find(key);
  return v ? *v : kNull;
}

const Value& Value::at(std::string_view dotted) const {
  const Value* v = this;
  while (!dotted.empty()) {
    const std::size_t dot = dotted.find('.');
    v = &(*v)[dotted.substr(0, dot)];
    if (dot == std::string_view::npos) break;
    dotted.remove_prefix(dot + 1);
  }
  return *v;
}

Value& Value::set(std::string_view key, Value v) {
  if (!is_map()) data_ = Map{};
  if (Value* existing = find(key)) {
    *existing = std::move(v);
    return *existing;
  }
  return std::get<Map>(data_).emplace_back(std::string(key), std::move(v)).second;
}

void Value::push_back(Value v) {
  if (!is_list()) data_ = List{};
  std::get<List>(data_).push_back(std::move(v));
}

bool Value::erase(std::string_view key) {
  auto* map = std::get_if<Map>(&data_);
  return map && std::erase_if(*map, [&](const Member& m) { return m.first == key; }) > 0;
}

bool Value::operator==(const Value& other) const {
  if (!is_map() || !other.is_map()) return data_ == other.data_;
  if (members().size() != other.members().size()) return false;
  for (const Member& m : members()) {
    const Value* v = other.find(m.first);
    if (!v || !(*v == m.second)) return false;
  }
  return true;
}

}  // namespace baseline::base
