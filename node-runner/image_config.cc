#include "node-runner/image_config.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "node-runner/image_history.h"
#include "node-runner/json_members.h"
#include "node-runner/redact.h"
#include "node-runner/shell_words.h"
#include "node-runner/text.h"
#include "node-runner/utf8.h"
#include "node-runner/workloads.h"

namespace baseline::runner {
namespace {

using base::Value;

constexpr auto kMembers = std::to_array<std::string_view>({"config", "history", "rootfs", "author"});
constexpr int kMaxNames = 1000;
constexpr std::size_t kMaxPrograms = 8;
constexpr const char* kBaseName = "org.opencontainers.image.base.name";

// Programs that start another, which their arguments name.
constexpr auto kStarters = std::to_array<std::string_view>({"tini", "tini-static", "dumb-init", "docker-init",
                                                            "catatonit", "env", "exec", "gosu", "su-exec",
                                                            "setpriv", "nice", "ionice", "nohup", "sudo"});
constexpr auto kShells = std::to_array<std::string_view>({"sh", "bash", "ash", "dash", "ksh", "zsh"});

bool among(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

// A word that can be a program's name and tells nothing else.
bool is_program(std::string_view word) {
  return !word.empty() && word.size() <= 256 && !word.starts_with('-') && !is_secret_value(word) &&
         word.find_first_of(" \t\r\n=$`'\"<>|&;(){}@") == std::string_view::npos;
}

class Programs {
 public:
  // The program that the words start, and those that it starts in turn as far as the words say.
  void add(std::span<const std::string> words) {
    if (words.empty() || !keep(words[0])) return;
    const std::string_view name = base_name(words[0]);
    if (among(kShells, name)) return add_script(words.subspan(1));
    if (!among(kStarters, name)) return;
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (!is_program(words[i])) continue;
      keep(words[i]);
      return;
    }
  }
  const std::vector<std::string>& names() const { return names_; }

 private:
  bool keep(const std::string& word) {
    if (!is_program(word)) return false;
    std::string name = to_utf8(word);
    if (names_.size() < kMaxPrograms && std::ranges::find(names_, name) == names_.end())
      names_.push_back(std::move(name));
    return true;
  }

  // sh -c 'TEXT'
  void add_script(std::span<const std::string> words) {
    while (!words.empty() && words[0].starts_with('-')) {
      const bool command = words[0].find('c') != std::string::npos && !words[0].starts_with("--");
      words = words.subspan(1);
      if (!command || words.empty()) continue;
      for (const ShellCommand& one : shell_commands(words[0])) {
        const auto program = std::ranges::find_if(one, [](const ShellWord& word) {
          return word.text.find('=') == std::string::npos && word.text != "exec";
        });
        if (program != one.end()) keep(program->text);
      }
      return;
    }
    if (!words.empty()) keep(words[0]);
  }

  std::vector<std::string> names_;
};

std::vector<std::string> words_of(const Value& list) {
  std::vector<std::string> out;
  if (list.is_string()) out.push_back(list.as_string());
  for (const Value& word : list.items()) out.push_back(word.as_string());
  return out;
}

void read_programs(const Value& config, facts::Image& image) {
  const std::vector<std::string> entrypoint = words_of(config["Entrypoint"]);
  const std::vector<std::string> command = words_of(config["Cmd"]);
  Programs programs;
  programs.add(entrypoint);
  // A script as entrypoint ends by starting what CMD says: the way in which most images are made.
  const bool script = !entrypoint.empty() && entrypoint.back().ends_with(".sh");
  const bool bare_starter =
      !entrypoint.empty() && (entrypoint.back() == "--" || among(kStarters, base_name(entrypoint.back())));
  if (entrypoint.empty() || script || bare_starter) programs.add(command);
  for (const std::string& name : programs.names()) image.add_entrypoint(name);
}

// False when there are more than are kept.
bool read_environment(const Value& config, facts::Image& image) {
  std::set<std::string> names;
  std::set<std::string> secrets;
  for (const Value& variable : config["Env"].items()) {
    std::string_view value = variable.as_string();
    const std::string_view name = take_until(value, '=');
    if (name.empty()) continue;
    names.insert(to_utf8(name));
    if (is_built_in_secret(name, value)) secrets.insert(to_utf8(name));
  }
  if (names.size() > kMaxNames) return false;
  for (const std::string& name : names) image.add_env_names(name);
  for (const std::string& name : secrets) image.add_secret_env(name);
  return true;
}

bool read_ports(const Value& config, facts::Image& image) {
  std::set<std::string> ports;
  for (const Value::Member& port : config["ExposedPorts"].members()) {
    std::string text = shown(facts::ValueType::kNames, port.first);
    if (text.find('/') == std::string::npos) text += "/tcp";
    ports.insert(std::move(text));
  }
  if (ports.size() > kMaxNames) return false;
  for (const std::string& port : ports) image.add_exposed_ports(port);
  return true;
}

void read_history(const Value& document, facts::Image& image) {
  const History history = analyse_history(document["history"]);
  image.set_history_known(history.known);
  for (const std::string& key : history.secrets) image.add_secret_history(key);
  image.set_added_files(history.added_files);
  image.set_index_updates(history.index_updates);
  // The author stands for the instruction only where no history tells: builders write their own name there.
  image.set_maintainer(history.known ? history.maintainer : !document["author"].as_string().empty());
}

}  // namespace

void read_image_config(std::string_view text, facts::Image& image) {
  const auto document = parse_json_members(text, kMembers);
  if (!document) {
    add_reason(*image.mutable_error(), "its configuration cannot be used: " + document.error().message);
    return;
  }
  const Value& config = (*document)["config"];
  if (!config.is_map() && !(*document)["rootfs"].is_map()) {
    add_reason(*image.mutable_error(), "its configuration is not that of a container image");
    return;
  }
  if (!read_environment(config, image) || !read_ports(config, image)) {
    add_reason(*image.mutable_error(), "its configuration names more variables or ports than are kept");
    return;
  }
  const std::string& user = config["User"].as_string();
  if (!facts::may_travel(facts::ValueType::kNames, user)) {
    add_reason(*image.mutable_error(), "its configuration names a user that cannot be one");
    return;
  }
  image.set_user(user);
  read_programs(config, image);
  read_history(*document, image);
  const std::string& base = config["Labels"][kBaseName].as_string();
  if (facts::may_travel(facts::ValueType::kNames, base)) image.set_base_name(base);
  image.set_config_read(true);
}

}  // namespace baseline::runner
