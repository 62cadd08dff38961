#include <cerrno>
#include <cstdio>
#include <string>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include "base/json.h"
#include "base/time.h"
#include "baseline/facts/facts_json.h"
#include "baseline/facts/frame.h"
#include "node-runner/collect.h"
#include "node-runner/options.h"
#include "node-runner/unique_fd.h"

namespace {

using namespace baseline;

constexpr const char* kDefaultTerminationLog = "/dev/termination-log";

enum ExitStatus : int { kDone = 0, kNotWritten = 1, kNotGathered = 2 };

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t size = ::write(fd, text.data(), text.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

int complain(ExitStatus status, std::string_view sentence) {
  fmt::print(stderr, "node-runner: {}\n", sentence);
  return status;
}

// The kubelet makes the default file in every container; elsewhere there is none, and nobody asked for it.
int write_termination_log(const runner::Options& options, const std::string& digest) {
  const bool asked = !options.termination_log.empty();
  const char* path = asked ? options.termination_log.c_str() : kDefaultTerminationLog;
  const runner::UniqueFd file(::open(path, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOCTTY));
  if (file.valid() && write_all(file.get(), "sha256=" + digest)) return kDone;
  if (!asked) return kDone;
  return complain(kNotWritten, fmt::format("the digest cannot be written to {}: {}", path,
                                           std::generic_category().message(errno)));
}

int print_facts(const runner::Options& options, const facts::NodeFacts& node) {
  std::string text;
  std::string digest;
  switch (options.output) {
    case runner::Output::kLog: {
      facts::Frame frame = facts::encode_frame(node);
      text = std::move(frame.text);
      digest = std::move(frame.sha256);
      break;
    }
    case runner::Output::kBinary:
      text = node.SerializeAsString();
      break;
    case runner::Output::kJson:
      text = base::write_json_pretty(facts::to_value(node));
      break;
  }
  if (!write_all(STDOUT_FILENO, text)) {
    return complain(kNotWritten, fmt::format("the facts cannot be written to standard output: {}",
                                             std::generic_category().message(errno)));
  }
  return digest.empty() ? kDone : write_termination_log(options, digest);
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = runner::parse_options({argv + 1, static_cast<std::size_t>(argc > 0 ? argc - 1 : 0)});
  if (!options) return complain(kNotGathered, options.error().text());
  if (options->help) {
    fmt::print("{}", runner::kUsage);
    return kDone;
  }
  if (options->version) {
    fmt::print("node-runner {}\n", BASELINE_VERSION);
    return kDone;
  }
  const base::SystemClock clock;
  runner::CollectOptions collect_options;
  collect_options.root = options->root;
  collect_options.limits = options->limits;
  const auto node = runner::collect(collect_options, clock);
  if (!node) return complain(kNotGathered, node.error().text());
  return print_facts(*options, *node);
}
