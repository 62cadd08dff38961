#include "node-runner/toml.h"

#include <string>

namespace baseline::runner {
namespace {
// A text that the parser did not think of.
struct Misread {};
[[noreturn]] void misread() {
  throw Misread();
}
}  // namespace
}  // namespace baseline::runner

// Header-only, in this file alone, and without exceptions: the parser then hands errors back. Some texts
// ("[.x]") it only asserts not to get, and builds on that where assertions are off: here they stay on, and
// are mistakes of the text.
#undef NDEBUG
#define TOML_ASSERT(condition) (static_cast<bool>(condition) ? void() : baseline::runner::misread())
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

namespace baseline::runner {
namespace {

using base::Value;

Value convert(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table: {
      Value map = Value::map();
      for (const auto& [key, child] : *node.as_table()) map.set(key.str(), convert(child));
      return map;
    }
    case toml::node_type::array: {
      Value list = Value::list();
      for (const auto& child : *node.as_array()) list.push_back(convert(child));
      return list;
    }
    case toml::node_type::string:
      return node.as_string()->get();
    case toml::node_type::integer:
      return Value(static_cast<std::int64_t>(node.as_integer()->get()));
    case toml::node_type::floating_point:
      return Value(node.as_floating_point()->get());
    case toml::node_type::boolean:
      return Value(node.as_boolean()->get());
    default:
      return Value("date");
  }
}

}  // namespace

base::Result<Value> parse_toml(std::string_view text) {
  try {
    const toml::parse_result result = toml::parse(text);
    if (!result) {
      return base::fail(base::ErrorCode::kInvalid,
                        "it is not valid TOML at line " + std::to_string(result.error().source().begin.line));
    }
    return convert(result.table());
  } catch (const Misread&) {
    return base::fail(base::ErrorCode::kInvalid, "it is not valid TOML");
  }
}

}  // namespace baseline::runner
