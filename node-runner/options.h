#pragma once

#include <span>
#include <string>

#include "base/error.h"
#include "node-runner/limits.h"

namespace baseline::runner {

enum class Output { kLog, kBinary, kJson };

struct Options {
  std::string root = "/";
  Output output = Output::kLog;
  std::string termination_log;  // empty: not given
  bool seccomp = true;
  Limits limits;
  bool help = false;
  bool version = false;
};

// Reads the command line without the program's name; "--option value" and "--option=value". An Error is one
// sentence.
base::Result<Options> parse_options(std::span<const char* const> arguments);

extern const char* const kUsage;

}  // namespace baseline::runner
