#include "node-runner/flatten.h"

#include <string>
#include <vector>

#include "node-runner/redact.h"
#include "node-runner/utf8.h"

namespace baseline::runner {
namespace {

using base::Value;

class Flattener {
 public:
  Flattener(std::string_view role, std::size_t max_settings,
            google::protobuf::RepeatedPtrField<facts::Setting>& out)
      : role_(role), max_(max_settings), out_(out) {}

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
      if (is_secret_value(key)) {  // an address with a password in it, for example
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
    const bool is_command = !keys_.empty() && (keys_.back() == "command" || keys_.back() == "args");
    std::vector<std::string> words;
    if (is_command) {  // a flag and its value may stand in two items
      for (const Value& item : value.items()) words.push_back(item.scalar_text());
      words = redact_words(std::move(words));
    }
    std::size_t index = 0;
    for (const Value& item : value.items()) {
      const std::string item_path = path + "[" + std::to_string(index) + "]";
      if (is_command && words[index] != item.scalar_text()) {
        add(item_path, words[index], facts::Setting::STRING, true);
      } else {
        visit(item, item_path);
      }
      ++index;
    }
  }

  void leaf(const Value& value, const std::string& path) {
    const std::string text = value.scalar_text();
    const bool secret = is_secret_setting(role_, keys_, text);
    add(path, secret ? std::string_view() : std::string_view(text), kind_of(value), secret);
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

  std::string_view role_;
  std::size_t max_;
  google::protobuf::RepeatedPtrField<facts::Setting>& out_;
  std::vector<std::string> keys_;
  bool complete_ = true;
};

}  // namespace

bool flatten(const Value& document, std::string_view role, std::size_t max_settings,
             google::protobuf::RepeatedPtrField<facts::Setting>& out) {
  Flattener flattener(role, max_settings, out);
  flattener.visit(document, "");
  return flattener.complete();
}

}  // namespace baseline::runner
