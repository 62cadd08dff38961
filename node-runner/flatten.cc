#include "node-runner/flatten.h"

#include <string>
#include <vector>

#include "node-runner/components.h"
#include "node-runner/redact.h"
#include "node-runner/utf8.h"

namespace baseline::runner {
namespace {

using base::Value;

constexpr std::size_t kMaxKey = 253;

// A key that can be shown: an address with a password in it is none, nor is a text.
bool is_key(std::string_view key) {
  return key.size() <= kMaxKey && key.find_first_of("\t\r\n") == std::string_view::npos &&
         !is_secret_value(key);
}

// The words of a container's command or arguments. Which program the arguments are for is not said beside
// them.
std::vector<std::string> redact_command(const Value& list, bool is_command) {
  std::vector<std::string> words;
  if (!is_command) words.emplace_back();
  for (const Value& item : list.items()) words.push_back(item.scalar_text());
  const Recognition program = recognise("", words);
  words = redact_words(program.component, std::move(words));
  if (!is_command) {
    words.erase(words.begin());
  } else if (program == Recognition{} && !words.empty()) {
    words[0] = kRedacted;
  }
  return words;
}

class Flattener {
 public:
  Flattener(std::string_view list, std::size_t max_settings,
            google::protobuf::RepeatedPtrField<facts::Setting>& out)
      : list_(list), max_(max_settings), out_(out) {}

  void visit(const Value& value, const std::string& path) {
    if (!complete_) return;
    if (value.is_map() && !value.members().empty()) {
      visit_map(value, path);
    } else if (value.is_list() && !value.items().empty()) {
      visit_list(value, path);
    } else {
      leaf(value, path);
    }
  }

  bool complete() const { return complete_; }

 private:
  void visit_map(const Value& value, const std::string& path) {
    for (const auto& [key, member] : value.members()) {
      const bool quoted = key.empty() || key.find_first_of(".[]\"") != std::string::npos;
      std::string place = path;
      if (!place.empty()) place += '.';
      if (!is_key(key)) {
        place += kRedacted;
      } else {
        place += to_utf8(quoted ? '"' + key + '"' : key);
      }
      keys_.push_back(key);
      visit(member, place);
      keys_.pop_back();
    }
  }

  void visit_list(const Value& value, const std::string& path) {
    const std::vector<std::string> words = words_of(value);
    std::size_t index = 0;
    for (const Value& item : value.items()) {
      const std::string item_path = path + "[" + std::to_string(index) + "]";
      if (!words.empty()) {
        add(item_path, words[index], facts::Setting::STRING, words[index] != item.scalar_text());
      } else {
        visit(item, item_path);
      }
      ++index;
    }
  }

  // Of a list of words that belong together, since a flag and its value may stand in two; empty for any other
  // list.
  std::vector<std::string> words_of(const Value& list) const {
    const std::string_view key = keys_.empty() ? std::string_view() : std::string_view(keys_.back());
    if (list_ == "manifest" && (key == "command" || key == "args"))
      return redact_command(list, key == "command");
    std::vector<std::string> words;
    if (list_ == "k3s" && key.ends_with("-arg")) {
      for (const Value& item : list.items()) words.push_back(redact_passed_on(key, item.scalar_text()));
    }
    return words;
  }

  void leaf(const Value& value, const std::string& path) {
    const std::string text = value.scalar_text();
    const bool withheld = (value.is_string() || value.is_number()) && !is_shown_setting(list_, keys_, text);
    add(path, withheld ? std::string_view() : std::string_view(text), kind_of(value), withheld);
  }

  void add(const std::string& path, std::string_view value, facts::Setting::Kind kind, bool redacted) {
    if (static_cast<std::size_t>(out_.size()) >= max_) {
      complete_ = false;
      return;
    }
    facts::Setting& setting = *out_.Add();
    setting.set_path(path);
    setting.set_value(to_utf8(value));
    setting.set_kind(kind);
    setting.set_redacted(redacted);
  }

  static facts::Setting::Kind kind_of(const Value& value) {
    if (value.is_null()) return facts::Setting::NULL_VALUE;
    if (value.is_bool()) return facts::Setting::BOOL;
    if (value.is_int()) return facts::Setting::INT;
    if (value.is_number()) return facts::Setting::NUMBER;
    if (value.is_map()) return facts::Setting::EMPTY_MAP;
    if (value.is_list()) return facts::Setting::EMPTY_LIST;
    return facts::Setting::STRING;
  }

  std::string_view list_;
  std::size_t max_;
  google::protobuf::RepeatedPtrField<facts::Setting>& out_;
  std::vector<std::string> keys_;
  bool complete_ = true;
};

}  // namespace

bool flatten(const Value& document, std::string_view list, std::size_t max_settings,
             google::protobuf::RepeatedPtrField<facts::Setting>& out) {
  Flattener flattener(list, max_settings, out);
  flattener.visit(document, "");
  return flattener.complete();
}

}  // namespace baseline::runner
