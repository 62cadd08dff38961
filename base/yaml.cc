#include "base/yaml.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <ranges>
#include <utility>

#include <fmt/format.h>
#include <yaml.h>

#include "base/yaml_scalar.h"

namespace baseline::base {
namespace {

// What is read of a text, in order: a list and a map go to their kEnd.
struct Event {
  enum class Kind : std::uint8_t { kScalar, kAlias, kList, kMap, kEnd };
  Kind kind = Kind::kEnd;
  bool plain = false;     // a scalar without quotes and without a tag
  std::string text = {};  // of a scalar; the anchor that an alias names
};

// How much of a document may come out of aliases, the less the larger it gets: the rule of the library that
// the API server, kubectl and the kubelet read YAML with (go-yaml v2, decode.go) in its own numbers, so that
// what they take is taken here.
class AliasShare {
 public:
  // One more value; false when this is too much.
  bool add(bool out_of_alias) {
    ++all_;
    if (out_of_alias) ++out_of_alias_;
    return out_of_alias_ <= 100 || all_ <= 1000 || out_of_alias_ / all_ <= allowed();
  }

 private:
  double allowed() const {
    constexpr double kLow = 400'000;
    constexpr double kHigh = 4'000'000;
    if (all_ <= kLow) return 0.99;
    if (all_ >= kHigh) return 0.10;
    return 0.99 - 0.89 * (all_ - kLow) / (kHigh - kLow);
  }

  double all_ = 0;
  double out_of_alias_ = 0;
};

// Builds the Values of one text out of events. What is too much is refused by the event that makes it so,
// before anything is built of it. Errors leave `where` to the caller.
class Builder {
 public:
  Builder(const YamlLimits& limits, std::vector<Value>& out) : limits_(limits), out_(out) {}

  void begin_document() {
    share_ = {};
    share_.add(false);
    anchors_.clear();
    tape_.clear();
  }

  Result<void> take(const Event& event, const std::string& anchor, int line) {
    if (!open_.empty() || !anchor.empty()) keep(event, anchor);
    return apply(event, line, false);
  }

 private:
  struct Frame {
    bool is_map;
    int line;
    Value::List items = {};
    Value::Map members = {};
    std::string key = {};
    bool has_key = false;
    bool merges = false;  // the key is <<
    // Where each member stands, and whether it came out of a merge; once there are many, or a merge.
    struct Place {
      std::size_t at;
      bool merged;
    };
    std::map<std::string, Place, std::less<>> places = {};
    std::size_t replaces = kNone;  // the member whose place the next value takes

    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

    void index() {
      if (!places.empty()) return;
      for (std::size_t i = 0; i < members.size(); ++i) places.emplace(members[i].first, Place{i, false});
    }

    bool repeats(const std::string& name) {
      constexpr std::size_t kFew = 32;
      if (members.size() < kFew && places.empty())
        return std::ranges::any_of(members,
                                   [&](const Value::Member& member) { return member.first == name; });
      index();
      const auto [known, fresh] = places.emplace(name, Place{members.size(), false});
      if (fresh) return false;
      if (!known->second.merged) return true;
      known->second.merged = false;
      replaces = known->second.at;
      return false;
    }

    void merge(const Value& map) {
      index();
      for (const auto& [name, value] : map.members()) {
        const auto [known, fresh] = places.emplace(name, Place{members.size(), true});
        if (fresh) {
          members.emplace_back(name, value);
        } else {
          members[known->second.at].second = value;
        }
      }
    }
  };

  // The events on the tape that an anchor names; `end` is `begin` while its own end is still to come.
  struct Anchored {
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  // A list or map that is being kept, and its anchor if it has one itself.
  struct Open {
    std::string anchor;
    std::size_t begin = 0;
  };

  // Anchored values are kept as they were written, each event once however many anchors stand around it.
  void keep(const Event& event, const std::string& anchor) {
    const std::size_t at = tape_.size();
    tape_.push_back(event);
    if (event.kind == Event::Kind::kEnd) {
      const Open open = std::move(open_.back());
      open_.pop_back();
      if (open.anchor.empty()) return;
      // Unless the anchor has been given anew inside.
      if (Anchored& anchored = anchors_[open.anchor]; anchored.begin == open.begin) anchored.end = at + 1;
      return;
    }
    const bool scalar = event.kind == Event::Kind::kScalar;
    if (!anchor.empty()) anchors_[anchor] = {at, scalar ? at + 1 : at};
    if (!scalar && event.kind != Event::Kind::kAlias) open_.push_back({anchor, at});
  }

  Result<void> apply(const Event& event, int line, bool out_of_alias) {
    if (event.kind == Event::Kind::kEnd) return pop();
    if (!share_.add(out_of_alias)) return excessive();
    if (event.kind == Event::Kind::kAlias) return expand(event.text, line);
    if (event.kind != Event::Kind::kScalar) return push(event.kind == Event::Kind::kMap, line);
    if (out_of_alias) alias_bytes_ += event.text.size();
    if (alias_bytes_ > limits_.alias_bytes) return excessive();
    if (awaiting_key()) return set_key(event);
    if (auto counted = count(); !counted) return counted;
    Value value = event.plain ? plain_scalar(event.text) : Value(event.text);
    value.set_line(line);
    return place(std::move(value));
  }

  // The values get the line of the alias. An alias within what another one stands for is inside a list or map
  // there, so that the bound on depth ends this.
  Result<void> expand(const std::string& anchor, int line) {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      return fail(ErrorCode::kInvalid, fmt::format("there is no anchor for the alias \"{:.64}\"", anchor));
    }
    const auto [begin, end] = found->second;
    if (begin == end) return fail(ErrorCode::kInvalid, "an alias refers to itself");
    for (std::size_t i = begin; i < end; ++i) {
      if (auto done = apply(tape_[i], line, true); !done) return done;
    }
    return {};
  }

  static std::unexpected<Error> excessive() {
    return fail(ErrorCode::kLimit, "too much of it comes out of aliases");
  }

  bool awaiting_key() const { return !stack_.empty() && stack_.back().is_map && !stack_.back().has_key; }

  // A key is a string, however it looks.
  Result<void> set_key(const Event& event) {
    Frame& top = stack_.back();
    top.merges = event.plain && event.text == "<<";
    if (!top.merges && top.repeats(event.text)) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("the key \"{}\" stands twice in the same map", event.text));
    }
    top.key = event.text;
    top.has_key = true;
    return count();
  }

  // Of several maps the first wins, so it comes last.
  static Result<void> merge(Frame& into, const Value& value) {
    const auto is_map = [](const Value& one) { return one.is_map(); };
    if (!is_map(value) && !(value.is_list() && std::ranges::all_of(value.items(), is_map))) {
      return fail(ErrorCode::kInvalid, "a merge key (<<) takes a map or a list of maps");
    }
    if (value.is_map()) into.merge(value);
    for (const Value& one : std::views::reverse(value.items())) into.merge(one);
    return {};
  }

  Result<void> count() {
    if (++nodes_ <= limits_.nodes) return {};
    return fail(ErrorCode::kLimit, fmt::format("more than {} values", limits_.nodes));
  }

  Result<void> push(bool is_map, int line) {
    if (awaiting_key()) return fail(ErrorCode::kInvalid, "a key must be a plain word or string");
    if (static_cast<int>(stack_.size()) >= limits_.depth) {
      return fail(ErrorCode::kLimit, fmt::format("nested deeper than {} levels", limits_.depth));
    }
    stack_.push_back({.is_map = is_map, .line = line});
    return count();
  }

  Result<void> pop() {
    Frame frame = std::move(stack_.back());
    stack_.pop_back();
    frame.items.shrink_to_fit();  // room to grow is a third of a large document
    frame.members.shrink_to_fit();
    Value value = frame.is_map ? Value(std::move(frame.members)) : Value(std::move(frame.items));
    value.set_line(frame.line);
    return place(std::move(value));
  }

  Result<void> place(Value v) {
    if (stack_.empty()) {
      out_.push_back(std::move(v));
      return {};
    }
    Frame& top = stack_.back();
    if (!top.is_map) {
      top.items.push_back(std::move(v));
      return {};
    }
    top.has_key = false;
    if (top.merges) return merge(top, v);
    if (top.replaces == Frame::kNone) {
      top.members.emplace_back(std::move(top.key), std::move(v));
    } else {
      top.members[std::exchange(top.replaces, Frame::kNone)].second = std::move(v);
    }
    return {};
  }

  YamlLimits limits_;
  std::vector<Value>& out_;
  std::vector<Frame> stack_;
  std::size_t nodes_ = 0;
  std::size_t alias_bytes_ = 0;
  // Of the present document.
  AliasShare share_;
  std::map<std::string, Anchored, std::less<>> anchors_;
  std::vector<Event> tape_;  // all that stands within anchors
  std::vector<Open> open_;
};

std::string text_of(const yaml_char_t* text, std::size_t size) {
  return text == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(text), size);
}

std::string text_of(const yaml_char_t* text) {
  return text == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(text));
}

// libyaml holds each %TAG against all that were before it, and each tag of a value against all of them.
bool declares_many_tags(std::string_view text) {
  constexpr int kMost = 100;
  int count = 0;
  for (std::size_t at = text.find("%TAG"); at != std::string_view::npos; at = text.find("%TAG", at + 4)) {
    if (++count > kMost) return true;
  }
  return false;
}

// Drives libyaml, which reads as go-yaml does (that is a port of it), does not recurse, and looks no further
// ahead than one key may be long: what it keeps does not grow with the text.
class Reader {
 public:
  Reader(std::string_view text, std::string_view name)
      : text_(text), name_(name), lines_(static_cast<int>(std::ranges::count(text, '\n')) + 1) {}

  Result<void> read(Builder& builder) {
    yaml_parser_t parser;
    if (yaml_parser_initialize(&parser) == 0) return fail(ErrorCode::kUnavailable, "there is no memory");
    const std::unique_ptr<yaml_parser_t, decltype([](yaml_parser_t* p) { yaml_parser_delete(p); })> owner(
        &parser);
    yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(text_.data()), text_.size());
    while (true) {
      yaml_event_t event;
      if (yaml_parser_parse(&parser, &event) == 0) return syntax_error(parser);
      const std::unique_ptr<yaml_event_t, decltype([](yaml_event_t* e) { yaml_event_delete(e); })> end(
          &event);
      if (event.type == YAML_STREAM_END_EVENT) return {};
      const int line = line_of(event.start_mark);
      if (auto taken = hand_over(event, line, builder); !taken) {
        taken.error().where = at(line);
        return taken;
      }
    }
  }

 private:
  static Result<void> hand_over(const yaml_event_t& event, int line, Builder& builder) {
    using Kind = Event::Kind;
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        builder.begin_document();
        return {};
      case YAML_ALIAS_EVENT:
        return builder.take({.kind = Kind::kAlias, .text = text_of(event.data.alias.anchor)}, {}, line);
      case YAML_SCALAR_EVENT: {
        const auto& scalar = event.data.scalar;
        return builder.take({.kind = Kind::kScalar,
                             .plain = scalar.plain_implicit != 0,
                             .text = text_of(scalar.value, scalar.length)},
                            text_of(scalar.anchor), line);
      }
      case YAML_SEQUENCE_START_EVENT:
        return builder.take({.kind = Kind::kList}, text_of(event.data.sequence_start.anchor), line);
      case YAML_MAPPING_START_EVENT:
        return builder.take({.kind = Kind::kMap}, text_of(event.data.mapping_start.anchor), line);
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT:
        return builder.take({}, {}, line);
      default:
        return {};
    }
  }

  std::unexpected<Error> syntax_error(const yaml_parser_t& parser) const {
    if (parser.error == YAML_MEMORY_ERROR) return fail(ErrorCode::kUnavailable, "there is no memory", at(1));
    const std::string problem = parser.problem != nullptr ? parser.problem : "it cannot be read";
    if (parser.error == YAML_READER_ERROR) {  // which knows the byte
      const auto before = text_.substr(0, std::min(parser.problem_offset, text_.size()));
      return fail(ErrorCode::kInvalid, "not valid YAML: " + problem,
                  at(static_cast<int>(std::ranges::count(before, '\n')) + 1));
    }
    const std::string context = parser.context != nullptr ? parser.context + std::string(", ") : "";
    return fail(ErrorCode::kInvalid, "not valid YAML: " + context + problem,
                at(line_of(parser.problem_mark)));
  }

  // The end of a text is a line further for libyaml, and so is a lone carriage return.
  int line_of(const yaml_mark_t& mark) const {
    return static_cast<int>(std::min(mark.line, static_cast<std::size_t>(lines_) - 1)) + 1;
  }

  std::string at(int line) const { return fmt::format("{}:{}", name_, line); }

  std::string_view text_;
  std::string_view name_;
  int lines_;
};

}  // namespace

Result<std::vector<Value>> parse_yaml_documents(std::string_view text, std::string_view name,
                                                const YamlLimits& limits) {
  if (text.size() > limits.bytes) {
    return fail(
        ErrorCode::kLimit,
        fmt::format("the text has {} bytes, more than the {} that are read", text.size(), limits.bytes),
        std::string(name));
  }
  if (declares_many_tags(text)) {
    return fail(ErrorCode::kLimit, "there are more than 100 directives %TAG", std::string(name));
  }
  std::vector<Value> documents;
  Builder builder(limits, documents);
  if (auto done = Reader(text, name).read(builder); !done) return std::unexpected(done.error());
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

}  // namespace baseline::base
