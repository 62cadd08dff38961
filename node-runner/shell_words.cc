#include "node-runner/shell_words.h"

#include <utility>

namespace baseline::runner {
namespace {

constexpr std::size_t kMaxWords = 20'000;

class Splitter {
 public:
  void feed(std::string_view script) {
    for (std::size_t i = 0; i < script.size() && words_ < kMaxWords; ++i) {
      const char c = script[i];
      if (quote_ != 0) {
        in_quotes(script, i);
      } else if (c == '\\') {
        escape(script, i);
      } else if (c == '\'' || c == '"') {
        quote_ = c;
        started_ = true;
      } else if (c == ' ' || c == '\t' || c == '\r') {
        end_word();
      } else if (c == '$' && i + 1 < script.size() && (script[i + 1] == '(' || script[i + 1] == '{')) {
        expansion(script, i);
      } else if (std::string_view(";&|()\n").find(c) != std::string_view::npos) {
        end_command();
      } else {
        put(c);
        if (c == '$' || c == '`') word_.expands = true;
      }
    }
    end_command();
  }
  std::vector<ShellCommand> take() { return std::move(commands_); }

 private:
  void put(char c) {
    started_ = true;
    word_.text += c;
  }
  void in_quotes(std::string_view script, std::size_t& i) {
    const char c = script[i];
    if (c == quote_) {
      quote_ = 0;
    } else if (quote_ == '"' && c == '\\') {
      escape(script, i);
    } else {
      put(c);
      if (quote_ == '"' && (c == '$' || c == '`')) word_.expands = true;
    }
  }
  void escape(std::string_view script, std::size_t& i) {
    if (++i >= script.size()) return;
    if (script[i] != '\n') put(script[i]);
  }
  // "$(…" and "${…": the word goes on to the closing bracket on its level.
  void expansion(std::string_view script, std::size_t& i) {
    word_.expands = true;
    const char open = script[i + 1];
    const char close = open == '(' ? ')' : '}';
    int level = 0;
    for (; i < script.size(); ++i) {
      put(script[i]);
      if (script[i] == open) ++level;
      if (script[i] == close && --level == 0) return;
    }
  }
  void end_word() {
    if (started_) {
      command_.push_back(std::move(word_));
      ++words_;
    }
    word_ = {};
    started_ = false;
  }
  void end_command() {
    end_word();
    if (!command_.empty()) commands_.push_back(std::move(command_));
    command_.clear();
  }

  std::vector<ShellCommand> commands_;
  ShellCommand command_;
  ShellWord word_;
  bool started_ = false;
  char quote_ = 0;
  std::size_t words_ = 0;
};

}  // namespace

std::vector<ShellCommand> shell_commands(std::string_view script) {
  Splitter splitter;
  splitter.feed(script);
  return splitter.take();
}

}  // namespace baseline::runner
