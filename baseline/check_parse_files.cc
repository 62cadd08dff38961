#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "baseline/check_parse.h"

namespace baseline {
namespace {

using Kind = FileSelector::Kind;

SettingName parse_file_setting(const base::Value& value, const CheckScope& scope) {
  MapReader map(value, "a setting that names a file", scope.mistakes);
  SettingName name{map.text("component"), map.text("name")};
  map.finish();
  const SettingSpec* spec = scope.setting(value, name);
  if (spec && spec->type != SettingType::kPath && spec->type != SettingType::kPaths) {
    scope.mistake(value, fmt::format("the setting \"{}\" names no file", name.name));
  }
  return name;
}

void hold_absolute(const std::string& path, const base::Value& at, const CheckScope& scope) {
  if (!path.starts_with('/')) scope.mistake(at, fmt::format("\"{}\" must be an absolute path", path));
}

void parse_tree(FileSelector& selector, const base::Value& body, const CheckScope& scope) {
  MapReader map(body, "tree", scope.mistakes);
  selector.folders = map.optional_texts("well-known");
  selector.names = map.optional_texts("names");
  for (const std::string& folder : selector.folders) hold_absolute(folder, body, scope);
  if (const base::Value* settings = map.optional("settings")) {
    for (const base::Value& item : settings->items()) {
      selector.settings.push_back(parse_file_setting(item, scope));
    }
  }
  map.finish();
  if (selector.folders.empty() && selector.settings.empty()) {
    scope.mistake(body, "a tree needs \"well-known\" folders or \"settings\" that name files");
  }
  if (selector.names.empty()) scope.mistake(body, "a tree needs \"names\", such as [\"*.crt\"]");
}

FileSelector parse_selector(const base::Value& value, const CheckScope& scope);

std::vector<FileSelector> parse_selectors(const base::Value& value, const CheckScope& scope) {
  std::vector<FileSelector> selectors;
  if (!value.is_list() || value.items().empty()) {
    scope.mistake(value, "a list of selectors that is not empty was expected");
  }
  for (const base::Value& item : value.items()) selectors.push_back(parse_selector(item, scope));
  return selectors;
}

FileSelector parse_selector(const base::Value& value, const CheckScope& scope) {
  FileSelector selector;
  if (!value.is_map() || value.members().size() != 1) {
    scope.mistake(value, "a selector is a map with exactly one key");
    return selector;
  }
  const std::string& key = value.members().front().first;
  const base::Value& body = value.members().front().second;
  selector.name = body.as_string();
  const auto take_name = [&](Kind kind) {
    selector.kind = kind;
    if (selector.name.empty()) scope.mistake(body, fmt::format("\"{}\" takes a string", key));
  };
  if (key == "manifest" || key == "config-of") {
    take_name(key == "manifest" ? Kind::kManifest : Kind::kConfigOf);
    scope.component(body, selector.name);
  } else if (key == "unit") {
    take_name(Kind::kUnit);
  } else if (key == "unit-of") {
    take_name(Kind::kUnitOf);
  } else if (key == "well-known") {
    take_name(Kind::kWellKnown);
    hold_absolute(selector.name, body, scope);
  } else if (key == "setting") {
    selector.kind = Kind::kSetting;
    selector.setting = parse_file_setting(body, scope);
  } else if (key == "tree") {
    selector.kind = Kind::kTree;
    parse_tree(selector, body, scope);
  } else if (key == "cni") {
    selector.kind = Kind::kCni;
    if (body.is_map()) {
      MapReader map(body, "cni", scope.mistakes);
      if (const base::Value* folder = map.required("folder", "a path or a parameter")) {
        selector.folder = parse_operand(*folder, scope);
      }
      map.finish();
    } else if (!body.as_bool()) {
      scope.mistake(body, "\"cni\" takes true or {folder: ...}");
    }
  } else if (key == "first") {
    selector.kind = Kind::kFirst;
    selector.first = parse_selectors(body, scope);
  } else {
    scope.mistake(body,
                  fmt::format("\"{}\" is no selector of files; known are manifest, setting, well-known, "
                              "tree, unit, config-of, cni and first",
                              key));
  }
  return selector;
}

std::optional<std::uint32_t> parse_mode(const base::Value& value, const CheckScope& scope) {
  const std::string& text = value.as_string();
  std::uint32_t mode = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
  if (ec == std::errc() && end == text.data() + text.size() && text.starts_with('0') && mode <= 07777)
    return mode;
  scope.mistake(value, "\"mode\" must be octal in quotes with a leading zero, such as \"0600\"");
  return std::nullopt;
}

void parse_require(FilesCheck& check, const base::Value& value, const CheckScope& scope) {
  MapReader map(value, "require", scope.mistakes);
  if (const base::Value* mode = map.optional("mode")) check.mode = parse_mode(*mode, scope);
  if (const base::Value* owner = map.optional("owner")) {
    check.owners = parse_operand(*owner, scope);
    const bool pairs = std::ranges::all_of(check.owners->literal.items(), [](const base::Value& one) {
      return std::ranges::count(one.as_string(), ':') == 1;
    });
    if (check.owners->parameter.empty() && (check.owners->literal.items().empty() || !pairs)) {
      scope.mistake(*owner, "\"owner\" must be a list of user:group, such as [root:root]");
    }
  }
  map.finish();
  if (value.is_map() && value.members().size() != 1) {
    scope.mistake(value, "\"require\" takes exactly one of mode and owner");
  }
}

}  // namespace

FilesCheck parse_files_check(const base::Value& value, const CheckScope& scope) {
  MapReader map(value, "files", scope.mistakes);
  FilesCheck check;
  check.component = map.optional_text("component");
  if (!check.component.empty()) scope.component(value, check.component);
  if (const base::Value* select = map.required("select", "a list of selectors")) {
    check.select = parse_selectors(*select, scope);
  }
  check.directories = map.optional_boolean("directories", false);
  if (const base::Value* require = map.required("require", "{mode: ...} or {owner: [...]}")) {
    parse_require(check, *require, scope);
  }
  const std::string absent = map.word("absent", {"not-applicable", "fail", "error"}, false);
  if (absent == "fail") check.absent = FilesCheck::Absent::kFail;
  if (absent == "error") check.absent = FilesCheck::Absent::kError;
  map.finish();
  return check;
}

}  // namespace baseline
