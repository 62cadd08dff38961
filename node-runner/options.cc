#include "node-runner/options.h"

#include <string_view>

#include <fmt/core.h>

namespace baseline::runner {

using base::ErrorCode;
using base::fail;

const char* const kUsage =
    R"(Usage: node-runner [--root DIR] [--output log|binary|json] [--termination-log FILE]

Gathers what this node is (components, files, configuration, certificates; no secrets) and prints it.

  --root DIR              directory where the host's root is (default /); processes are read from DIR/proc
  --output FORM           log: one framed payload for the operator (default); binary: the bare Protobuf message;
                          json: for people
  --termination-log FILE  where the payload's digest goes (default /dev/termination-log, where it exists and --output
                          is log)
  --version               print the version
  --help                  print this

Exit status: 0 when facts were gathered, whatever could not be read being part of them; 1 when they could not be
written; 2 when they could not be gathered.
)";

base::Result<Options> parse_options(std::span<const char* const> arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    std::string_view word = arguments[i];
    if (word == "--help" || word == "-h") {
      options.help = true;
      continue;
    }
    if (word == "--version") {
      options.version = true;
      continue;
    }
    const std::size_t equals = word.find('=');
    const std::string_view name = word.substr(0, equals);
    if (name != "--root" && name != "--output" && name != "--termination-log") {
      return fail(ErrorCode::kInvalid,
                  fmt::format("unknown option {}: node-runner --help lists the options", word));
    }
    std::string_view value;
    if (equals != std::string_view::npos) {
      value = word.substr(equals + 1);
    } else if (i + 1 < arguments.size()) {
      value = arguments[++i];
    }
    if (value.empty()) return fail(ErrorCode::kInvalid, fmt::format("the option {} needs a value", name));
    if (name == "--root") {
      options.root = value;
    } else if (name == "--termination-log") {
      options.termination_log = value;
    } else if (value == "log") {
      options.output = Output::kLog;
    } else if (value == "binary") {
      options.output = Output::kBinary;
    } else if (value == "json") {
      options.output = Output::kJson;
    } else {
      return fail(ErrorCode::kInvalid, fmt::format("--output is log, binary or json, not {}", value));
    }
  }
  return options;
}

}  // namespace baseline::runner
