#include "limited_process.h"

#include <array>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace baseline::test {
namespace {

int exit_status(int waited) {
  return WIFEXITED(waited) ? WEXITSTATUS(waited) : 128 + WTERMSIG(waited);
}

void limit(__rlimit_resource_t what, rlim_t most) {
  const rlimit value{most, most};
  setrlimit(what, &value);
}

}  // namespace

LimitedRun run_limited(const std::vector<std::string>& argv, std::size_t address_space) {
  std::vector<char*> words;
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  const pid_t pid = fork();
  if (pid == 0) {
    if (address_space != 0) limit(RLIMIT_AS, address_space);
    limit(RLIMIT_CPU, 600);
    limit(RLIMIT_CORE, 0);
    dup2(ends[1], STDOUT_FILENO);
    dup2(ends[1], STDERR_FILENO);
    execv(words[0], words.data());
    _exit(127);
  }
  close(ends[1]);
  LimitedRun run;
  std::array<char, 65536> buffer{};
  for (ssize_t n = 0; (n = read(ends[0], buffer.data(), buffer.size())) > 0;)
    run.out.append(buffer.data(), static_cast<std::size_t>(n));
  close(ends[0]);
  int waited = 0;
  rusage usage{};
  if (wait4(pid, &waited, 0, &usage) != pid) return run;
  run.status = exit_status(waited);
  run.peak_bytes = static_cast<std::size_t>(usage.ru_maxrss) << 10U;
  return run;
}

bool in_process_of_its_own(const std::function<void()>& work) {
  const pid_t pid = fork();
  if (pid == 0) {
    work();
    _exit(0);
  }
  int waited = 0;
  return waitpid(pid, &waited, 0) == pid && exit_status(waited) == 0;
}

bool takes_memory_limits() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
  return false;
#else
  return true;
#endif
#else
  return true;
#endif
}

}  // namespace baseline::test
