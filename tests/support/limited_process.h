#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

// A program under the limits that it is shipped with.
namespace baseline::test {

struct LimitedRun {
  int status = -1;  // exit status; 128 + number after a signal
  std::string out;  // standard output and standard error together
  std::size_t peak_bytes =
      0;  // resident, as wait4 gives it: never less than what this process had when it started it
};

// Runs a program to its end with at most so much address space (RLIMIT_AS; 0: no bound) and ten minutes of
// CPU.
LimitedRun run_limited(const std::vector<std::string>& argv, std::size_t address_space);

// Does something in a process of its own, so that the memory it takes is no part of a later peak_bytes.
// Whether it ended well.
bool in_process_of_its_own(const std::function<void()>& work);

// Whether this build takes limits of memory: a sanitizer's allocator does not.
bool takes_memory_limits();

}  // namespace baseline::test
