#include "node-runner/options.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

#include <fmt/core.h>

#include "base/time.h"
#include "node-runner/text.h"

namespace baseline::runner {

using base::ErrorCode;
using base::fail;

const char* const kUsage =
    R"(Usage: node-runner [--root DIR] [--output log|binary|json] [--termination-log FILE]
                   [--walk-duration TIME] [--walk-files N] [--walk-total TIME] [--no-seccomp]

Gathers what this node is (components, files, configuration, certificates, containers, images; no secrets) and prints
it.

  --root DIR              directory where the host's root is (default /); processes are read from DIR/proc
  --output FORM           log: one framed payload for the operator (default); binary: the bare Protobuf message;
                          json: for people
  --termination-log FILE  where the payload's digest goes (default /dev/termination-log, where it exists and --output
                          is log)
  --walk-duration TIME    longest time spent on one image looking for setuid and setgid files (default 10s)
  --walk-files N          most files looked at in one image (default 200000)
  --walk-total TIME       longest time spent so on all images together (default 60s)
  --no-seccomp            keep every system call: for where no seccomp filter can be installed (under qemu-user, or
                          built with a sanitizer), which is an error otherwise
  --version               print the version
  --help                  print this

Exit status: 0 when facts were gathered, whatever could not be read being part of them; 1 when they could not be
written; 2 when they could not be gathered; 3 when no seccomp filter could be installed.
)";

namespace {

base::Result<std::chrono::milliseconds> parse_budget(std::string_view name, std::string_view value) {
  const auto time = base::parse_go_duration(value);
  if (!time || *time <= std::chrono::nanoseconds(0)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{} is a time above zero such as 10s or 1m30s, not {}", name, value));
  }
  return std::chrono::ceil<std::chrono::milliseconds>(*time);
}

base::Result<void> set_output(std::string_view value, Options& options) {
  if (value == "log") {
    options.output = Output::kLog;
  } else if (value == "binary") {
    options.output = Output::kBinary;
  } else if (value == "json") {
    options.output = Output::kJson;
  } else {
    return fail(ErrorCode::kInvalid, fmt::format("--output is log, binary or json, not {}", value));
  }
  return {};
}

base::Result<void> set_option(std::string_view name, std::string_view value, Options& options) {
  if (name == "--root") {
    options.root = value;
  } else if (name == "--termination-log") {
    options.termination_log = value;
  } else if (name == "--output") {
    return set_output(value, options);
  } else if (name == "--walk-files") {
    const auto files = to_number<std::size_t>(value);
    if (!files || *files == 0)
      return fail(ErrorCode::kInvalid, fmt::format("--walk-files is a number above zero, not {}", value));
    options.limits.walk_files = *files;
  } else {
    const auto time = parse_budget(name, value);
    if (!time) return std::unexpected(time.error());
    (name == "--walk-total" ? options.limits.walk_total : options.limits.walk_time) = *time;
  }
  return {};
}

bool is_option(std::string_view name) {
  constexpr auto kNames = std::to_array<std::string_view>(
      {"--root", "--output", "--termination-log", "--walk-duration", "--walk-files", "--walk-total"});
  return std::ranges::find(kNames, name) != kNames.end();
}

}  // namespace

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
    if (word == "--no-seccomp") {
      options.seccomp = false;
      continue;
    }
    const std::size_t equals = word.find('=');
    const std::string_view name = word.substr(0, equals);
    if (!is_option(name)) {
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
    if (auto done = set_option(name, value, options); !done) return std::unexpected(done.error());
  }
  return options;
}

}  // namespace baseline::runner
