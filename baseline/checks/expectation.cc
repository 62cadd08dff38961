#include "baseline/checks/expectation.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/go_scalar.h"
#include "base/time.h"
#include "baseline/text.h"

namespace baseline {
namespace {

using Kind = Expectation::Kind;

Status pass_if(bool holds) {
  return holds ? Status::kPass : Status::kFail;
}

std::string text_of(const base::Value& value) {
  if (!value.is_list()) return value.scalar_text();
  std::vector<std::string> items;
  for (const base::Value& item : value.items()) items.push_back(item.scalar_text());
  return join(items, ",");
}

// Compares by the setting's type; nothing when the text is not of that type.
std::optional<bool> equal(const base::Value& wanted, const EffectiveValue& value,
                          const SettingSpec& setting) {
  if (setting.type == SettingType::kBoolean) {
    const auto found = base::parse_go_bool(value.text);
    return found ? std::optional(*found == wanted.as_bool()) : std::nullopt;
  }
  if (setting.type == SettingType::kInteger) {
    const auto found = base::parse_go_int(value.text);
    return found ? std::optional(*found == wanted.as_int()) : std::nullopt;
  }
  return value.text == wanted.scalar_text();
}

Status judge_integer(const Expectation& expect, const EffectiveValue& value, const CheckContext& context) {
  const auto found = base::parse_go_int(value.text);
  if (!found) return value.text.empty() ? Status::kFail : Status::kError;
  return pass_if((!expect.minimum || *found >= context.value(*expect.minimum).as_int()) &&
                 (!expect.maximum || *found <= context.value(*expect.maximum).as_int()));
}

std::optional<std::chrono::nanoseconds> bound(const std::optional<Operand>& operand,
                                              const CheckContext& context) {
  if (!operand) return std::nullopt;
  const auto parsed = base::parse_go_duration(context.value(*operand).as_string());
  return parsed ? std::optional(*parsed) : std::nullopt;
}

Status judge_duration(const Expectation& expect, const EffectiveValue& value, const CheckContext& context) {
  if (value.text.empty()) return Status::kFail;
  const auto found = base::parse_go_duration(value.text);
  if (!found) return Status::kError;
  const auto minimum = bound(expect.minimum, context);
  const auto maximum = bound(expect.maximum, context);
  const auto above = bound(expect.above, context);
  return pass_if((!minimum || *found >= *minimum) && (!maximum || *found <= *maximum) &&
                 (!above || *found > *above));
}

Judgement judge_subset(const EffectiveValue& value, const base::Value& allowed) {
  std::vector<std::string> outside;
  for (const std::string& item : value.items) {
    const bool known =
        std::ranges::any_of(allowed.items(), [&](const base::Value& one) { return one.as_string() == item; });
    if (!known) outside.push_back(item);
  }
  Judgement result{pass_if(outside.empty() && !value.items.empty()), {}, {}};
  if (!outside.empty()) result.actual = phrase("actual.outside", join(outside, ","));
  return result;
}

bool is_loopback(std::string_view address) {
  return address == "localhost" || address == "::1" || address == "0:0:0:0:0:0:0:1" ||
         address.starts_with("127.") || address.starts_with("::ffff:127.");
}

// Every address differs from node to node but these.
std::string shown_socket(const facts::Socket& socket) {
  const bool any = socket.address() == "0.0.0.0" || socket.address() == "::";
  const std::string host = any ? "*" : is_loopback(socket.address()) ? socket.address() : "<address>";
  return fmt::format("{}:{}", host, socket.port());
}

// The setting must name a loopback address; sockets that are seen to listen elsewhere outweigh it.
Judgement judge_loopback(const EffectiveValue& value, const ProcessView& process) {
  std::set<std::string> open;
  std::set<std::string> all;
  for (const facts::Socket& socket : process.fact->listening()) {
    all.insert(shown_socket(socket));
    if (!is_loopback(socket.address())) open.insert(shown_socket(socket));
  }
  Judgement result{pass_if(is_loopback(value.text)), {}, {}};
  if (!process.fact->listening_known() || all.empty()) return result;
  if (!open.empty()) {
    return {Status::kFail, {}, phrase("actual.listens", value.text, join(open, ", "))};
  }
  result.actual = phrase("actual.listens", value.text, join(all, ", "));
  return result;
}

Judgement judge_files(const EffectiveValue& value, const SettingSpec& setting, const ProcessView& process,
                      const CheckContext& context) {
  const std::vector<std::string> paths =
      setting.is_list() ? value.items : std::vector<std::string>{value.text};
  Judgement worst{Status::kPass, {}, {}};
  for (const std::string& path : paths) {
    Judgement one = judge_named_file(path, process, context);
    if (worse(one.status, worst.status) != worst.status) worst = std::move(one);
  }
  return worst;
}

Phrase bounds_phrase(const Expectation& expect, const CheckContext& context) {
  if (expect.above) return phrase("expected.above", text_of(context.value(*expect.above)));
  if (!expect.maximum) return phrase("expected.at-least", text_of(context.value(*expect.minimum)));
  if (!expect.minimum) return phrase("expected.at-most", text_of(context.value(*expect.maximum)));
  return phrase("expected.between", text_of(context.value(*expect.minimum)),
                text_of(context.value(*expect.maximum)));
}

}  // namespace

Phrase expected_phrase(const Expectation& expect, const CheckContext& context) {
  const std::string wanted = text_of(context.value(expect.value));
  switch (expect.kind) {
    case Kind::kUnset:
      return phrase("expected.unset");
    case Kind::kSet:
      return phrase("expected.set");
    case Kind::kEquals:
      return phrase("expected.equals", wanted);
    case Kind::kNotEquals:
      return phrase("expected.not-equals", wanted);
    case Kind::kContains:
      return phrase("expected.contains", wanted);
    case Kind::kLacks:
      return phrase("expected.lacks", wanted);
    case Kind::kInteger:
    case Kind::kDuration:
      return bounds_phrase(expect, context);
    case Kind::kSubsetOf:
      return phrase("expected.subset", wanted);
    case Kind::kLoopback:
      return phrase("expected.loopback");
    case Kind::kFile:
      return phrase("expected.file");
  }
  return {};
}

Judgement judge_named_file(const std::string& path, const ProcessView& process, const CheckContext& context) {
  const facts::File* file = context.node.file(path, process.viewer);
  if (!file || file->presence() == facts::PRESENCE_UNSPECIFIED) {
    return {Status::kError, {}, phrase("unknown.file-not-looked", path)};
  }
  if (file->presence() == facts::ABSENT) return {Status::kFail, {}, phrase("actual.file-missing", path)};
  if (file->presence() == facts::UNREADABLE)
    return {Status::kError, {}, phrase("unknown.file", path, file->error())};
  if (file->type() == "directory") return {Status::kFail, {}, phrase("actual.file-is-folder", path)};
  return {Status::kPass, {}, {}};
}

Judgement judge(const Expectation& expect, const EffectiveValue& value, const SettingSpec& setting,
                const ProcessView& process, const CheckContext& context) {
  Judgement result;
  const base::Value& wanted = context.value(expect.value);
  const auto has = [&] { return std::ranges::find(value.items, wanted.scalar_text()) != value.items.end(); };
  switch (expect.kind) {
    case Kind::kUnset:
      result.status = pass_if(!value.is_set());
      break;
    case Kind::kSet:
      result.status = pass_if(value.is_set());
      break;
    case Kind::kEquals:
    case Kind::kNotEquals:
      if (value.origin == EffectiveValue::Origin::kNone) {
        result.status = pass_if(expect.kind == Kind::kNotEquals);
      } else if (const auto same = equal(wanted, value, setting)) {
        result.status = pass_if(*same == (expect.kind == Kind::kEquals));
      }
      break;
    case Kind::kContains:
      result.status = pass_if(has());
      break;
    case Kind::kLacks:
      result.status = pass_if(!has());
      break;
    case Kind::kInteger:
      result.status = judge_integer(expect, value, context);
      break;
    case Kind::kDuration:
      result.status = judge_duration(expect, value, context);
      break;
    case Kind::kSubsetOf:
      result = judge_subset(value, wanted);
      break;
    case Kind::kLoopback:
      result = judge_loopback(value, process);
      break;
    case Kind::kFile:
      result =
          value.is_set() ? judge_files(value, setting, process, context) : Judgement{Status::kFail, {}, {}};
      break;
  }
  result.expected = expected_phrase(expect, context);
  return result;
}

}  // namespace baseline
