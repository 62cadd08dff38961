#include "baseline/checks/authorization.h"

#include <algorithm>

#include <fmt/format.h>

#include "baseline/checks/builtin_functions.h"
#include "baseline/config_lookup.h"
#include "baseline/text.h"

namespace baseline {

bool has_item(const EffectiveValue& value, std::string_view item) {
  return std::ranges::find(value.items, item) != value.items.end();
}

NamedConfig named_config(const ProcessView& process, std::string_view flag, const CheckContext& context) {
  NamedConfig named;
  named.value = setting_of(process, flag);
  named.unknown = named.value.unknown;
  if (named.unknown || !named.value.is_set()) return named;
  const std::string& path = named.value.text;
  named.file = context.node.config(path, process.viewer);
  if (!named.file) {
    named.unknown = phrase("unknown.config-missing", path);
  } else if (!named.file->error().empty()) {
    named.unknown = phrase("unknown.config", path, named.file->error());
    named.file = nullptr;
  }
  return named;
}

EffectiveValue authorizers(const ProcessView& apiserver, const CheckContext& context) {
  NamedConfig config = named_config(apiserver, "authorization-config", context);
  if (!config.unknown && !config.value.is_set()) return setting_of(apiserver, "authorization-mode");
  EffectiveValue value;
  value.unknown = config.unknown;
  if (!config.file) {
    // What flags say is not known either, when nothing at all is known of the flags.
    return value;
  }
  value.origin = EffectiveValue::Origin::kConfig;
  value.place = config.value.text;
  value.key = "authorizers[].type";
  const int size = list_size(*config.file, "authorizers");
  for (int i = 0; i < size; ++i) {
    const std::string place = fmt::format("authorizers[{}].type", i);
    const facts::Setting* type = setting_at(*config.file, place);
    if (is_withheld(*config.file, place)) value.unknown = phrase("unknown.redacted", value.place, place);
    value.items.push_back(type ? type->value() : std::string());
  }
  value.text = join(value.items, ",");
  if (size == 0) value.unknown = phrase("unknown.config", value.place, "authorizers: []");
  return value;
}

CheckOutcome check_authorization_mode(const CheckContext& context, const BuiltinCheck& check) {
  const Operand* contains = check.argument("contains");
  const Operand* lacks = check.argument("lacks");
  const std::string wanted = context.value(contains ? *contains : *lacks).as_string();
  const Phrase expected = phrase(contains ? "expected.contains" : "expected.lacks", wanted);
  return each_process("kube-apiserver", context, [&](const ProcessView& apiserver) {
    const Phrase subject = setting_subject("kube-apiserver", "authorization-mode");
    const EffectiveValue value = authorizers(apiserver, context);
    if (value.unknown) return outcome(Status::kError, *value.unknown, subject, expected, *value.unknown);
    const bool pass = has_item(value, wanted) == (contains != nullptr);
    return outcome(pass ? Status::kPass : Status::kFail,
                   value_sentence(value, "kube-apiserver", "--authorization-mode"), subject, expected,
                   value_phrase(value));
  });
}

}  // namespace baseline
