#include "node-runner/image_history.h"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "base/secret_signs.h"
#include "node-runner/shell_words.h"
#include "node-runner/text.h"
#include "node-runner/utf8.h"

namespace baseline::runner {
namespace {

using base::Value;

constexpr std::size_t kMaxSecrets = 100;
constexpr std::size_t kMaxKey = 128;

struct Instruction {
  std::string_view word;  // RUN, ENV, ADD, …
  std::string_view rest;
};

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kMaxKey && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  });
}

bool is_instruction(std::string_view word) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"RUN", "ENV", "ARG", "ADD", "COPY", "LABEL", "MAINTAINER", "CMD", "ENTRYPOINT", "USER", "EXPOSE",
       "VOLUME", "WORKDIR", "ONBUILD", "STOPSIGNAL", "HEALTHCHECK", "SHELL", "FROM"});
  return std::ranges::find(kWords, word) != kWords.end();
}

Instruction parse_step(std::string_view text) {
  constexpr std::string_view kNoOperation = "#(nop)";
  text = trim(text);
  if (const std::size_t at = text.find(kNoOperation); at < 64)
    text = trim(text.substr(at + kNoOperation.size()));
  if (text.ends_with("# buildkit")) text = trim(text.substr(0, text.size() - 10));
  const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
  const std::string_view word = text.substr(0, end);
  if (is_instruction(word)) return {word, trim(text.substr(end))};
  return {"RUN", text};
}

bool looks_like_path(std::string_view value) {
  return value.starts_with('/') && value.find('/', 1) != std::string_view::npos &&
         std::ranges::all_of(value, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
                  c == '.' || c == '_' || c == '-';
         });
}

bool looks_like_version(std::string_view value) {
  return !value.empty() && value[0] >= '0' && value[0] <= '9' && value.size() <= 40 &&
         value.find('.') != std::string_view::npos && std::ranges::all_of(value, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  std::string_view(".+~:-").find(c) != std::string_view::npos;
         });
}

class Steps {
 public:
  void add(const Value& step) {
    const std::string& text = step["created_by"].as_string();
    const bool layer = !step["empty_layer"].as_bool();
    if (!text.empty()) {
      out_.known = true;
      read(parse_step(text));
    }
    if (layer) base_done_ = true;
  }
  History take() { return std::move(out_); }

 private:
  void read(const Instruction& step) {
    if (step.word == "MAINTAINER") {
      out_.maintainer = true;
    } else if (step.word == "ADD") {
      if (base_done_) ++out_.added_files;
    } else if (step.word == "ENV" || step.word == "ARG" || step.word == "LABEL") {
      for (const ShellCommand& command : shell_commands(step.rest)) look_at_words(command, step.word);
    } else if (step.word == "RUN" || step.word == "CMD" || step.word == "ENTRYPOINT" ||
               step.word == "HEALTHCHECK") {
      read_commands(step);
    }
  }

  void read_commands(const Instruction& step) {
    // "|2 A=b C=d /bin/sh -c …": the build arguments come first and are words like any other.
    std::string_view rest = step.rest;
    if (rest.starts_with('|')) take_until(rest, ' ');
    bool update = false;
    bool install = false;
    for (const ShellCommand& command : shell_commands(rest)) {
      look_at_words(command, step.word);
      look_at_packages(command, update, install);
    }
    if (step.word == "RUN" && update && !install) ++out_.index_updates;
  }

  void note(std::string_view key) {
    if (out_.secrets.size() < kMaxSecrets) out_.secrets.insert(to_utf8(key));
  }

  void look_at_words(const ShellCommand& command, std::string_view instruction) {
    for (std::size_t i = 0; i < command.size(); ++i) {
      const ShellWord& word = command[i];
      std::string_view value = word.text;
      if (value.starts_with("--mount=")) continue;
      const std::size_t split = value.find_first_of("=:");
      std::string_view key = value.substr(0, split);
      key.remove_prefix(std::min(key.find_first_not_of('-'), key.size()));
      if (split != std::string_view::npos && is_name(key)) {
        // "name=value", "--name=value", and "Name: value" as in a header.
        const bool header = value[split] == ':' && split + 1 < value.size() && value[split + 1] == ' ';
        if (value[split] == '=' || header) {
          if (is_built_in_secret(key, trim(value.substr(split + 1)))) note(key);
          continue;
        }
      }
      if (value.starts_with("--") && split == std::string_view::npos && i + 1 < command.size()) {
        const std::string& next = command[i + 1].text;
        const bool negated = key.starts_with("no-") || key.starts_with("disable");
        if (!negated && is_name(key) && !next.starts_with('-') && is_built_in_secret(key, next)) {
          note(key);
          ++i;
        }
        continue;
      }
      if (base::has_secret_text(value, base::Doubt::kIsNone)) note(instruction);
    }
    look_at_user(command);
  }

  // curl -u name:password
  void look_at_user(const ShellCommand& command) {
    if (command.empty() || base_name(command[0].text) != "curl") return;
    for (std::size_t i = 1; i + 1 < command.size(); ++i) {
      if (command[i].text != "-u" && command[i].text != "--user") continue;
      std::string_view password = command[i + 1].text;
      take_until(password, ':');
      if (!password.empty() && !password.starts_with('$')) note("user");
    }
  }

  // Whether a command brings a package index up to date, or installs something.
  static void look_at_packages(const ShellCommand& command, bool& update, bool& install) {
    struct Manager {
      std::string_view name;
      std::string_view update;  // subcommands, between blanks
      std::string_view install;
    };
    constexpr auto kManagers = std::to_array<Manager>({
        {"apt-get", " update ",
         " install upgrade dist-upgrade full-upgrade build-dep dselect-upgrade reinstall "},
        {"apt", " update ", " install upgrade dist-upgrade full-upgrade build-dep reinstall "},
        {"aptitude", " update ", " install upgrade safe-upgrade full-upgrade "},
        {"apk", " update ", " add upgrade fix "},
        {"yum", " makecache check-update ", " install update upgrade localinstall groupinstall reinstall "},
        {"dnf", " makecache check-update ", " install update upgrade groupinstall reinstall distro-sync "},
        {"microdnf", " makecache ", " install update upgrade reinstall "},
        {"tdnf", " makecache check-update ", " install update upgrade reinstall "},
        {"zypper", " refresh ref ", " install in update up patch dist-upgrade dup "},
        {"opkg", " update ", " install upgrade "},
    });
    const ShellWord* program = nullptr;
    const Manager* manager = nullptr;
    for (const ShellWord& word : command) {
      if (program == nullptr) {
        const std::string_view name = base_name(word.text);
        const auto found = std::ranges::find(kManagers, name, &Manager::name);
        if (found == kManagers.end()) continue;
        program = &word;
        manager = &*found;
        continue;
      }
      const std::string subcommand = " " + word.text + " ";
      if (manager->update.find(subcommand) != std::string_view::npos) update = true;
      if (manager->install.find(subcommand) != std::string_view::npos) install = true;
    }
    if (!command.empty() && base_name(command[0].text) == "pacman") look_at_pacman(command, update, install);
  }

  static void look_at_pacman(const ShellCommand& command, bool& update, bool& install) {
    bool sync = false;
    bool packages = false;
    for (std::size_t i = 1; i < command.size(); ++i) {
      const std::string& word = command[i].text;
      if (!word.starts_with('-')) packages = true;
      if (!word.starts_with("-S")) continue;
      sync = word.find('y') != std::string::npos;
      if (word.find('u') != std::string::npos) packages = true;
    }
    if (packages) install = true;
    if (sync && !packages) update = true;
  }

  History out_;
  bool base_done_ = false;  // a layer was made: what is added from here on is above the base
};

}  // namespace

bool is_built_in_secret(std::string_view name, std::string_view value) {
  constexpr auto kPlaceholders =
      std::to_array<std::string_view>({"*", "!", "x", "none", "null", "false", "true"});
  while (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') &&
         value.back() == value.front())
    value = value.substr(1, value.size() - 2);
  if (value.empty() || std::ranges::find(kPlaceholders, value) != kPlaceholders.end()) return false;
  if (base::has_secret_text(value, base::Doubt::kIsNone)) return true;
  for (const std::string_view scheme : {"Bearer ", "bearer ", "Basic ", "token "}) {
    if (value.starts_with(scheme)) value = trim(value.substr(scheme.size()));
  }
  if (value.starts_with('$') || value.starts_with('`') || value.starts_with("<(") || value.starts_with('='))
    return false;
  if (looks_like_path(value) || looks_like_version(value)) return false;
  if (value.starts_with("http://") || value.starts_with("https://")) return false;
  return base::has_secret_name(name, value);
}

History analyse_history(const Value& history) {
  Steps steps;
  for (const Value& step : history.items()) steps.add(step);
  return steps.take();
}

}  // namespace baseline::runner
