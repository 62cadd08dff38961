#pragma once

#include "base/error.h"

namespace baseline::runner {

// Takes away from this process, for good, every system call that collecting does not need (seccomp): whoever
// takes over a parser can still read what the process may read, but not write to the node, start a process or
// talk to anyone. What is not on the list fails with EPERM; openat2 fails with ENOSYS, as on a kernel without
// it, because a filter cannot see its flags. Calls of other ABIs of the machine (x32, i386) are not on the
// list.
//
// Writing goes to the descriptors 1 and 2 and to `termination_log` (-1: to none), which must be open.
// kUnavailable where the kernel, or what plays its part (qemu-user), has no such filters.
base::Result<void> confine(int termination_log);

}  // namespace baseline::runner
