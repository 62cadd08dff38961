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
#include "node-runner/seccomp.h"
#include "node-runner/unique_fd.h"

namespace {

using namespace baseline;

constexpr const char* kDefaultTerminationLog = "/dev/termination-log";

enum ExitStatus : int { kDone = 0, kNotWritten = 1, kNotGathered = 2, kNotConfined = 3 };

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t size = ::write(fd, text.data(), text.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

std::string not_written(std::string_view what, std::string_view place) {
  return fmt::format("{} cannot be written to {}: {}", what, place, std::generic_category().message(errno));
}

int complain(ExitStatus status, std::string_view sentence) {
  fmt::print(stderr, "node-runner: {}\n", sentence);
  return status;
}

// Where the payload's digest goes, opened while files still can be opened for writing. The kubelet makes the
// default file in every container; elsewhere there is none, and nobody asked for it.
base::Result<runner::UniqueFd> open_termination_log(const runner::Options& options) {
  if (options.output != runner::Output::kLog) return runner::UniqueFd();
  const bool asked = !options.termination_log.empty();
  const char* path = asked ? options.termination_log.c_str() : kDefaultTerminationLog;
  runner::UniqueFd file(::open(path, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOCTTY));
  if (file.valid() || !asked) return file;
  return base::fail(base::ErrorCode::kUnavailable, not_written("the digest", path));
}

int print_facts(const runner::Options& options, const runner::UniqueFd& termination_log,
                const facts::NodeFacts& node) {
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
    return complain(kNotWritten, not_written("the facts", "standard output"));
  }
  if (digest.empty() || !termination_log.valid()) return kDone;
  if (write_all(termination_log.get(), "sha256=" + digest) || options.termination_log.empty()) return kDone;
  return complain(kNotWritten, not_written("the digest", options.termination_log));
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
  const auto termination_log = open_termination_log(*options);
  if (!termination_log) return complain(kNotWritten, termination_log.error().message);
  // Before anything of the host is opened: whatever it has in store, this much is no longer possible.
  if (options->seccomp) {
    if (const auto confined = runner::confine(termination_log->get()); !confined) {
      return complain(kNotConfined,
                      fmt::format("the seccomp filter cannot be installed: {}; where there are none, under "
                                  "qemu-user or a sanitizer, --no-seccomp does without",
                                  confined.error().message));
    }
  }
  const base::SystemClock clock;
  runner::CollectOptions collect_options;
  collect_options.root = options->root;
  collect_options.limits = options->limits;
  const auto node = runner::collect(collect_options, clock);
  if (!node) return complain(kNotGathered, node.error().text());
  return print_facts(*options, *termination_log, *node);
}
