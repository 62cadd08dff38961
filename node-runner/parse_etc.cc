#include "node-runner/parse_etc.h"

#include "node-runner/text.h"
#include "node-runner/utf8.h"

namespace baseline::runner {
namespace {

std::string unquote(std::string_view text) {
  text = trim(text);
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front()) {
    text = text.substr(1, text.size() - 2);
  }
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    out += text[i];
  }
  return out;
}

// Words as a shell without expansion would see them.
std::vector<std::string> words(std::string_view line) {
  std::vector<std::string> out;
  std::string word;
  bool in_word = false;
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '\\' && quote != '\'' && i + 1 < line.size()) {
      word += line[++i];
      in_word = true;
    } else if (quote != 0) {
      if (c == quote) {
        quote = 0;
      } else {
        word += c;
      }
    } else if (c == '"' || c == '\'') {
      quote = c;
      in_word = true;
    } else if (c == ' ' || c == '\t' || c == '\r') {
      if (in_word) out.push_back(std::move(word));
      word.clear();
      in_word = false;
    } else {
      word += c;
      in_word = true;
    }
  }
  if (in_word) out.push_back(std::move(word));
  return out;
}

// The values of one setting of [Service], in order, line continuations resolved.
std::vector<std::string> service_settings(std::string_view unit, std::string_view name) {
  std::vector<std::string> out;
  std::string section;
  while (!unit.empty()) {
    std::string line(trim(take_until(unit, '\n')));
    while (line.ends_with('\\') && !unit.empty()) {
      line.back() = ' ';
      line += trim(take_until(unit, '\n'));
    }
    if (line.starts_with('[')) section = line;
    if (section != "[Service]" || line.starts_with('#') || line.starts_with(';')) continue;
    std::string_view value = line;
    if (trim(take_until(value, '=')) == name) out.emplace_back(trim(value));
  }
  return out;
}

}  // namespace

std::map<std::uint32_t, std::string> parse_ids(std::string_view text) {
  std::map<std::uint32_t, std::string> out;
  while (!text.empty()) {
    const auto parts = split(take_until(text, '\n'), ':');
    if (parts.size() < 3 || parts[0].empty() || parts[0].starts_with('#')) continue;
    if (const auto id = to_number<std::uint32_t>(parts[2])) out.emplace(*id, to_utf8(parts[0]));
  }
  return out;
}

std::map<std::string, std::string> parse_os_release(std::string_view text) {
  std::map<std::string, std::string> out;
  while (!text.empty()) {
    std::string_view line = trim(take_until(text, '\n'));
    if (line.empty() || line.starts_with('#') || line.find('=') == std::string_view::npos) continue;
    const std::string_view key = take_until(line, '=');
    out[to_utf8(key)] = to_utf8(unquote(line));
  }
  return out;
}

std::string parse_dpkg_version(std::string_view status, std::string_view package) {
  const std::string header = "Package: " + std::string(package) + "\n";
  std::size_t at = status.starts_with(header) ? 0 : status.find("\n" + header);
  if (at == std::string_view::npos) return {};
  if (at != 0) ++at;
  std::string_view paragraph = status.substr(at, status.find("\n\n", at) - at);
  std::string version;
  bool installed = false;
  while (!paragraph.empty()) {
    std::string_view line = take_until(paragraph, '\n');
    const std::string_view key = take_until(line, ':');
    if (key == "Status") installed = trim(line).ends_with(" installed");
    if (key == "Version") {
      std::string_view value = trim(line);
      if (const std::size_t epoch = value.find(':'); epoch != std::string_view::npos)
        value.remove_prefix(epoch + 1);
      version = leading_version(value);
    }
  }
  return installed ? version : std::string();
}

std::vector<std::string> parse_exec_start(std::string_view unit) {
  std::vector<std::string> out;
  for (const std::string& value : service_settings(unit, "ExecStart")) {
    const std::size_t command = value.find_first_not_of("-@:+!|");
    out = words(
        to_utf8(command == std::string::npos ? std::string_view() : std::string_view(value).substr(command)));
  }
  return out;
}

std::optional<std::string> parse_unit_variable(std::string_view unit, std::string_view name) {
  std::optional<std::string> out;
  for (const std::string& value : service_settings(unit, "Environment")) {
    if (value.empty()) out.reset();
    for (std::string& word : words(to_utf8(value))) {
      if (word.size() > name.size() && word.starts_with(name) && word[name.size()] == '=')
        out = word.substr(name.size() + 1);
    }
  }
  return out;
}

std::vector<std::string> parse_environment_files(std::string_view unit) {
  std::vector<std::string> out;
  for (const std::string& value : service_settings(unit, "EnvironmentFile")) {
    if (value.empty()) out.clear();
    const std::string_view path = std::string_view(value).substr(value.starts_with('-') ? 1 : 0);
    if (path.starts_with('/')) out.push_back(to_utf8(path));
  }
  return out;
}

std::optional<std::string> parse_environment_file(std::string_view text, std::string_view name) {
  std::optional<std::string> out;
  while (!text.empty()) {
    std::string_view line = trim(take_until(text, '\n'));
    if (line.starts_with('#') || line.starts_with(';') || !line.contains('=')) continue;
    if (trim(take_until(line, '=')) == name) out = to_utf8(unquote(trim(line)));
  }
  return out;
}

std::vector<std::string> parse_flag_file(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::string_view line = trim(take_until(text, '\n'));
    if (line.starts_with('#')) continue;
    for (std::string& word : words(to_utf8(line))) out.push_back(std::move(word));
  }
  return out;
}

}  // namespace baseline::runner
