#include "operator/rehearsal.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <new>
#include <optional>
#include <system_error>
#include <thread>

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace baseline::op {
namespace {

using base::ErrorCode;
using base::fail;

constexpr int kOutOfMemory = 97;

// Data and stack of this process, as RLIMIT_DATA counts them.
std::size_t data_bytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t total = 0, resident = 0, shared = 0, text = 0, library = 0, data = 0;
  file >> total >> resident >> shared >> text >> library >> data;
  return data * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

void limit(int what, rlim_t most) {
  const rlimit value{most, most};
  setrlimit(static_cast<__rlimit_resource_t>(what), &value);
}

[[noreturn]] void out_of_memory() {
  _exit(kOutOfMemory);
}

// The copy has this thread only. What another thread held at the moment of the fork stays held: malloc and
// stdio see to their own locks, and what takes any other is no work for a rehearsal.
[[noreturn]] void perform(const std::function<void()>& work, const RehearsalLimits& limits,
                          std::size_t data) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, static_cast<rlim_t>(limits.cpu.count()));
  limit(RLIMIT_DATA, data + limits.memory);
  std::set_new_handler(out_of_memory);
  work();
  _exit(0);
}

// Its wait status; nothing when the time is up.
std::optional<int> wait_for(pid_t copy, std::chrono::seconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  auto pause = std::chrono::microseconds(500);
  int status = 0;
  while (true) {
    const pid_t ended = waitpid(copy, &status, WNOHANG);
    if (ended == copy) return status;
    if ((ended < 0 && errno != EINTR) || std::chrono::steady_clock::now() > end) return std::nullopt;
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::microseconds(20'000));
  }
}

base::Result<void> verdict(int status, const RehearsalLimits& limits) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  if (WIFEXITED(status) && WEXITSTATUS(status) == kOutOfMemory)
    return fail(ErrorCode::kLimit, fmt::format("it takes more than {} MiB of memory", limits.memory >> 20U));
  const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  if (signal == SIGXCPU || signal == SIGKILL)
    return fail(ErrorCode::kLimit,
                fmt::format("it is killed: it takes too much memory, or more than {} s of a CPU",
                            limits.cpu.count()));
  return fail(ErrorCode::kInternal, fmt::format("it ends by signal {}", signal));
}

}  // namespace

base::Result<void> rehearse(const std::function<void()>& work, const RehearsalLimits& limits) {
  const std::size_t data = data_bytes();
  // A copy may hang through no fault of the work, by a lock that another thread held; not twice.
  for (int attempt = 1; attempt <= 2; ++attempt) {
    const pid_t copy = fork();
    if (copy == 0) perform(work, limits, data);
    if (copy < 0) {
      return fail(ErrorCode::kUnavailable,
                  "no process can be started: " + std::generic_category().message(errno));
    }
    if (const auto status = wait_for(copy, limits.time)) return verdict(*status, limits);
    kill(copy, SIGKILL);
    waitpid(copy, nullptr, 0);
  }
  return fail(ErrorCode::kLimit, fmt::format("it does not end within {} s", limits.time.count()));
}

}  // namespace baseline::op
