#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace baseline::runner {

struct ShellWord {
  std::string text;      // quotes taken off
  bool expands = false;  // "$" or "`" stands in it, outside single quotes: its text is not what will be
};

// One simple command: its words in order.
using ShellCommand = std::vector<ShellWord>;

// A shell script as far as is needed to see which commands with which words it holds: split at ";", "&", "|",
// brackets and line ends outside quotes, words at blanks; comments, redirections and control words stay as
// words. Bounded, pure, and it takes any bytes.
std::vector<ShellCommand> shell_commands(std::string_view script);

}  // namespace baseline::runner
