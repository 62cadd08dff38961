#include "cli/language.h"

namespace baseline::cli {

Language language_from_environment(const Getenv& getenv) {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const std::string value = getenv(name);
    if (value.empty()) continue;
    return value.starts_with("zh") ? Language::kChinese : Language::kEnglish;
  }
  return Language::kEnglish;
}

std::string_view status_word(Status status, Language language) {
  if (language == Language::kEnglish) return to_string(status);
  switch (status) {
    case Status::kPass:
      return "符合";
    case Status::kFail:
      return "不符合";
    case Status::kManual:
      return "人工判定";
    case Status::kNotApplicable:
      return "不适用";
    case Status::kError:
      return "无法判定";
    case Status::kWaived:
      return "已豁免";
    case Status::kNotChecked:
      return "未检查";
  }
  return to_string(status);
}

std::string_view level_word(Level level, Language language) {
  if (language == Language::kEnglish) return to_string(level);
  return level == Level::kMandatory ? "强制" : "推荐";
}

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string join(const std::vector<std::string>& items, Language language) {
  std::string text;
  for (const std::string& item : items) {
    if (!text.empty()) text += say(language, ", ", "、");
    text += item;
  }
  return text;
}

}  // namespace baseline::cli
