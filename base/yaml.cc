#include "base/yaml.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <unordered_set>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include "base/printable.h"
#include "base/utf8.h"

namespace baseline::base {
namespace {

// Stops the parser from inside an event; never leaves this file.
struct Stop : std::runtime_error {
  Stop(ErrorCode c, const std::string& message, int at) : std::runtime_error(message), code(c), line(at) {}
  ErrorCode code;
  int line;
};

template <typename T>
std::optional<T> parse_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  T v{};
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), v);
  return ec == std::errc() && end == text.data() + text.size() ? std::optional(v) : std::nullopt;
}

Value plain_scalar(const std::string& text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return {};
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  const char c = text[0];
  if ((c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.') {
    if (const auto i = parse_number<std::int64_t>(text)) return *i;
    if (text.find_first_of("0123456789") != std::string::npos &&
        text.find_first_not_of("0123456789+-.eE") == std::string::npos) {
      if (const auto d = parse_number<double>(text)) return *d;
    }
  }
  return text;
}

// Builds Values from yaml-cpp's events: the events come before any tree exists, so the bounds hold while
// reading.
class Builder : public YAML::EventHandler {
 public:
  Builder(const YamlLimits& limits, std::vector<Value>& out) : limits_(limits), out_(out) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    // yaml-cpp takes a "," or "]" that belongs to nothing for an empty document, and does not get past it.
    if (mark.pos == document_) {
      throw Stop(ErrorCode::kInvalid, "a \",\", \"]\" or \"}\" stands where a value was expected",
                 mark.line + 1);
    }
    document_ = mark.pos;
    anchors_.clear();
    stack_.clear();
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { add(Value(), mark, anchor); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    // Kubernetes refuses such a text, and what is made of this one would be refused later on.
    if (!is_utf8(text)) throw Stop(ErrorCode::kInvalid, "a text in it is not valid UTF-8", mark.line + 1);
    const bool plain = tag == "?" || tag.empty();
    if (awaiting_key()) {  // a key is a string, however it looks
      set_key(text, mark);
      return;
    }
    add(plain ? plain_scalar(text) : Value(text), mark, anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto it = anchors_.find(anchor);
    if (it == anchors_.end()) throw Stop(ErrorCode::kInvalid, "an alias refers to itself", mark.line + 1);
    count(it->second.second, mark);
    add(it->second.first, mark, 0);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    push(false, mark, anchor);
  }
  void OnSequenceEnd() override { pop(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    push(true, mark, anchor);
  }
  void OnMapEnd() override { pop(); }

 private:
  struct Frame {
    bool is_map;
    int line;
    YAML::anchor_t anchor;
    std::size_t first_node;
    Value::List items = {};
    Value::Map members = {};
    std::string key = {};
    bool has_key = false;
    std::unordered_set<std::string> keys = {};  // of `members`, once there are many of them

    bool repeats(const std::string& name) {
      constexpr std::size_t kFew = 32;
      if (members.size() < kFew)
        return std::ranges::any_of(members,
                                   [&](const Value::Member& member) { return member.first == name; });
      if (keys.empty()) {
        for (const Value::Member& member : members) keys.insert(member.first);
      }
      return !keys.insert(name).second;
    }
  };

  bool awaiting_key() const { return !stack_.empty() && stack_.back().is_map && !stack_.back().has_key; }

  void set_key(const std::string& key, const YAML::Mark& mark) {
    if (stack_.back().repeats(key)) {
      throw Stop(ErrorCode::kInvalid, fmt::format("the key \"{}\" stands twice in the same map", key),
                 mark.line + 1);
    }
    count(1, mark);
    stack_.back().key = key;
    stack_.back().has_key = true;
  }

  void count(std::size_t nodes, const YAML::Mark& mark) {
    nodes_ += nodes;
    if (nodes_ > limits_.nodes) {
      throw Stop(ErrorCode::kLimit, fmt::format("more than {} values", limits_.nodes), mark.line + 1);
    }
  }

  void push(bool is_map, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (awaiting_key())
      throw Stop(ErrorCode::kInvalid, "a key must be a plain word or string", mark.line + 1);
    if (static_cast<int>(stack_.size()) >= limits_.depth) {
      throw Stop(ErrorCode::kLimit, fmt::format("nested deeper than {} levels", limits_.depth),
                 mark.line + 1);
    }
    stack_.push_back({.is_map = is_map, .line = mark.line + 1, .anchor = anchor, .first_node = nodes_});
    count(1, mark);
  }

  void pop() {
    Frame frame = std::move(stack_.back());
    stack_.pop_back();
    Value value = frame.is_map ? Value(std::move(frame.members)) : Value(std::move(frame.items));
    value.set_line(frame.line);
    if (frame.anchor) anchors_[frame.anchor] = {value, nodes_ - frame.first_node};
    place(std::move(value));
  }

  void add(Value v, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (awaiting_key()) {
      if (!v.is_null())
        throw Stop(ErrorCode::kInvalid, "a key must be a plain word or string", mark.line + 1);
      set_key("", mark);
      return;
    }
    count(1, mark);
    v.set_line(mark.line + 1);
    if (anchor) anchors_[anchor] = {v, 1};
    place(std::move(v));
  }

  void place(Value v) {
    if (stack_.empty()) {
      out_.push_back(std::move(v));
    } else if (Frame& top = stack_.back(); top.is_map) {
      top.members.emplace_back(std::move(top.key), std::move(v));
      top.has_key = false;
    } else {
      top.items.push_back(std::move(v));
    }
  }

  YamlLimits limits_;
  std::vector<Value>& out_;
  std::vector<Frame> stack_;
  std::map<YAML::anchor_t, std::pair<Value, std::size_t>> anchors_;
  std::size_t nodes_ = 0;
  int document_ = -1;  // where the present one begins
};

// Whether the block form reads back as the same text. It ends with exactly one line end, its first line says
// how deep it is indented, and nothing in it can be escaped.
bool is_block(std::string_view text) {
  return text.ends_with('\n') && !text.ends_with("\n\n") && text.front() != ' ' && text.front() != '\n' &&
         !text.contains('\t') && !has_hidden(text, Breaks::kKept);
}

// What must be quoted and is not by yaml-cpp: what begins or ends a document at the beginning of a line, and
// what is lost between words.
bool needs_quotes(std::string_view text) {
  return text.starts_with("---") || text.starts_with("...") || has_hidden(text);
}

// The next text in double quotes; what is not seen in it, as escapes.
void quote(YAML::Emitter& out, std::string_view text) {
  if (has_hidden(text)) out << YAML::EscapeNonAscii;
  out << YAML::DoubleQuoted;
}

void emit(YAML::Emitter& out, const Value& value) {
  if (value.is_map()) {
    if (value.members().empty()) out << YAML::Flow;
    out << YAML::BeginMap;
    for (const auto& [key, member] : value.members()) {
      out << YAML::Key;
      if (needs_quotes(key) || plain_scalar(key).is_null()) quote(out, key);
      out << key << YAML::Value;
      emit(out, member);
    }
    out << YAML::EndMap;
  } else if (value.is_list()) {
    if (value.items().empty()) out << YAML::Flow;
    out << YAML::BeginSeq;
    for (const Value& item : value.items()) emit(out, item);
    out << YAML::EndSeq;
  } else if (value.is_string()) {
    const std::string& text = value.as_string();
    if (is_block(text)) {
      out << YAML::Literal;
    } else if (needs_quotes(text) || !plain_scalar(text).is_string()) {
      quote(out, text);  // else it would read back as another type, or as none
    }
    out << text;
  } else if (value.is_null()) {
    out << YAML::Null;
  } else {
    std::string text = value.scalar_text();
    // A number that is no integer stays one.
    if (value.is_number() && !value.is_int() && text.find_first_of(".e") == std::string::npos) text += ".0";
    out << text;
  }
}

}  // namespace

Result<std::vector<Value>> parse_yaml_documents(std::string_view text, std::string_view name,
                                                const YamlLimits& limits) {
  if (text.size() > limits.bytes) {
    return fail(
        ErrorCode::kLimit,
        fmt::format("the text has {} bytes, more than the {} that are read", text.size(), limits.bytes),
        std::string(name));
  }
  std::vector<Value> documents;
  const auto at = [&](int line) { return fmt::format("{}:{}", name, line); };
  try {
    std::istringstream in{std::string(text)};
    YAML::Parser parser(in);
    Builder builder(limits, documents);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Stop& e) {
    return fail(e.code, e.what(), at(e.line));
  } catch (const YAML::Exception& e) {
    return fail(ErrorCode::kInvalid, "not valid YAML: " + e.msg, at(e.mark.line + 1));
  }
  return documents;
}

Result<Value> parse_yaml(std::string_view text, std::string_view name, const YamlLimits& limits) {
  auto documents = parse_yaml_documents(text, name, limits);
  if (!documents) return std::unexpected(documents.error());
  if (documents->empty()) return Value();
  if (documents->size() > 1) {
    return fail(ErrorCode::kInvalid,
                "one document was expected, but there are " + std::to_string(documents->size()),
                fmt::format("{}:{}", name, (*documents)[1].line()));
  }
  return std::move(documents->front());
}

std::string write_yaml(const Value& value) {
  YAML::Emitter out;
  out.SetIndent(2);
  emit(out, value);
  return std::string(out.c_str()) + "\n";
}

}  // namespace baseline::base
