// The filter of the node-runner, installed in a child of the test: what each call then answers.
#include "node-runner/seccomp.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/futex.h>
#include <linux/openat2.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "node-runner/root_view.h"
#include "node-runner/unique_fd.h"

namespace baseline::runner {
namespace {

// A sanitizer makes calls of its own before one that is declared not to return.
void end_process(int status) {
  ::syscall(SYS_exit_group, status);
}

// Runs `body` in a child behind the filter. What it says comes back through the descriptor that the filter
// knows as the termination log.
struct Confined {
  std::string said;
  int status = 0;  // as waitpid gives it
};

Confined confined(const std::function<std::string(int log)>& body) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) return {"no pipe", -1};
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    const auto done = confine(ends[1]);
    const std::string text = done ? body(ends[1]) : "not confined: " + done.error().message;
    const bool written = ::write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size());
    end_process(written ? 0 : 1);
  }
  ::close(ends[1]);
  const UniqueFd reading(ends[0]);
  Confined result;
  std::array<char, 4096> buffer{};
  for (ssize_t n = 0; (n = ::read(reading.get(), buffer.data(), buffer.size())) > 0;)
    result.said.append(buffer.data(), static_cast<std::size_t>(n));
  ::waitpid(child, &result.status, 0);
  return result;
}

struct Attempt {
  const char* name;
  long call;
  std::array<long, 6> arguments;
  int answer = EPERM;
};

long address(const void* pointer) {
  return static_cast<long>(reinterpret_cast<std::intptr_t>(pointer));
}

// Arguments with which nothing would happen, or nothing that lasts, were the call not refused.
std::vector<Attempt> attempts(const char* file, const open_how& how) {
  const long path = address(file);
  const long nowhere = address("/no/such/path");
  constexpr long kAt = AT_FDCWD;
  return {
      {"openat to write", SYS_openat, {kAt, path, O_WRONLY}},
      {"openat to read and write", SYS_openat, {kAt, path, O_RDWR}},
      {"openat to create", SYS_openat, {kAt, nowhere, O_RDONLY | O_CREAT, 0600}},
      {"openat to truncate", SYS_openat, {kAt, path, O_RDONLY | O_TRUNC}},
      {"openat to append", SYS_openat, {kAt, path, O_RDONLY | O_APPEND}},
      {"openat of a temporary file", SYS_openat, {kAt, address("/tmp"), O_TMPFILE | O_RDWR, 0600}},
      {"openat with no access mode", SYS_openat, {kAt, path, O_ACCMODE}},
      {"openat2", SYS_openat2, {kAt, path, address(&how), sizeof how}, ENOSYS},
      {"open_by_handle_at", SYS_open_by_handle_at, {kAt, 0, 0}},
      {"name_to_handle_at", SYS_name_to_handle_at, {kAt, path, 0, 0, 0}},
      {"write to a file opened for reading", SYS_write, {3, path, 1}},
      {"write to standard input", SYS_write, {0, path, 0}},
      {"writev elsewhere", SYS_writev, {0, 0, 0}},
      {"pwrite64", SYS_pwrite64, {1, path, 0, 0}},
      {"pwritev2", SYS_pwritev2, {1, 0, 0, 0, 0, 0}},
      {"sendfile", SYS_sendfile, {1, 0, 0, 0}},
      {"splice", SYS_splice, {0, 0, 1, 0, 0, 0}},
      {"copy_file_range", SYS_copy_file_range, {0, 0, 1, 0, 0, 0}},
      {"dup", SYS_dup, {1}},
      {"dup3", SYS_dup3, {1, 99, 0}},
      {"fcntl that duplicates", SYS_fcntl, {1, F_DUPFD, 0}},
      {"fcntl that sets an owner", SYS_fcntl, {1, F_SETOWN, 0}},
      {"fcntl that sets flags", SYS_fcntl, {1, F_SETFL, 0}},
      {"ioctl", SYS_ioctl, {1, 0, 0}},
      {"truncate", SYS_truncate, {nowhere, 0}},
      {"ftruncate", SYS_ftruncate, {-1, 0}},
      {"fallocate", SYS_fallocate, {-1, 0, 0, 1}},
      {"fchmod", SYS_fchmod, {-1, 0}},
      {"fchmodat", SYS_fchmodat, {kAt, nowhere, 0}},
      {"fchown", SYS_fchown, {-1, 0, 0}},
      {"fchownat", SYS_fchownat, {kAt, nowhere, 0, 0, 0}},
      {"utimensat", SYS_utimensat, {kAt, nowhere, 0, 0}},
      {"unlinkat", SYS_unlinkat, {kAt, nowhere, 0}},
      {"renameat2", SYS_renameat2, {kAt, nowhere, kAt, nowhere, 0}},
      {"mkdirat", SYS_mkdirat, {kAt, address("/no/such/path/below"), 0}},
      {"mknodat", SYS_mknodat, {kAt, address("/no/such/path/below"), S_IFREG, 0}},
      {"linkat", SYS_linkat, {kAt, nowhere, kAt, nowhere, 0}},
      {"symlinkat", SYS_symlinkat, {nowhere, kAt, address("/no/such/path/below")}},
      {"setxattr", SYS_setxattr, {nowhere, nowhere, 0, 0, 0}},
      {"removexattr", SYS_removexattr, {nowhere, nowhere}},
      {"inotify_init1", SYS_inotify_init1, {0}},
      {"fanotify_init", SYS_fanotify_init, {-1, -1}},
      {"execve", SYS_execve, {nowhere, 0, 0}},
      {"execveat", SYS_execveat, {kAt, nowhere, 0, 0, 0}},
      {"clone", SYS_clone, {SIGCHLD, 0, 0, 0, 0}},
      {"clone3", SYS_clone3, {0, 0}},
      {"ptrace", SYS_ptrace, {-1, 0, 0, 0}},
      {"process_vm_readv", SYS_process_vm_readv, {::getpid(), 0, 0, 0, 0, 0}},
      {"process_vm_writev", SYS_process_vm_writev, {::getpid(), 0, 0, 0, 0, 0}},
      {"process_madvise", SYS_process_madvise, {-1, 0, 0, 0, 0}},
      {"pidfd_open", SYS_pidfd_open, {::getpid(), 0}},
      {"pidfd_getfd", SYS_pidfd_getfd, {-1, 0, 0}},
      {"pidfd_send_signal", SYS_pidfd_send_signal, {-1, 0, 0, 0}},
      {"kcmp", SYS_kcmp, {::getpid(), ::getpid(), 0, 0, 0}},
      {"kill", SYS_kill, {::getppid(), 0}},
      {"tgkill of another process", SYS_tgkill, {::getppid(), ::getppid(), 0}},
      {"tkill", SYS_tkill, {::getppid(), 0}},
      {"rt_sigqueueinfo", SYS_rt_sigqueueinfo, {::getppid(), 0, 0}},
      {"mount", SYS_mount, {0, nowhere, 0, 0, 0}},
      {"umount2", SYS_umount2, {nowhere, 0}},
      {"move_mount", SYS_move_mount, {-1, nowhere, -1, nowhere, 0}},
      {"open_tree", SYS_open_tree, {kAt, nowhere, 0}},
      {"fsopen", SYS_fsopen, {nowhere, 0}},
      {"mount_setattr", SYS_mount_setattr, {kAt, nowhere, 0, 0, 0}},
      {"pivot_root", SYS_pivot_root, {nowhere, nowhere}},
      {"chroot", SYS_chroot, {nowhere}},
      {"chdir", SYS_chdir, {nowhere}},
      {"unshare", SYS_unshare, {0}},
      {"setns", SYS_setns, {-1, 0}},
      {"setuid", SYS_setuid, {static_cast<long>(::getuid())}},
      {"capset", SYS_capset, {0, 0}},
      {"prctl", SYS_prctl, {PR_GET_DUMPABLE, 0, 0, 0, 0}},
      {"seccomp", SYS_seccomp, {1, 0, 0}},
      {"socket", SYS_socket, {1, 1, 0}},
      {"socketpair", SYS_socketpair, {1, 1, 0, 0}},
      {"connect", SYS_connect, {-1, 0, 0}},
      {"sendmsg", SYS_sendmsg, {-1, 0, 0}},
      {"io_uring_setup", SYS_io_uring_setup, {0, 0}},
      {"io_uring_enter", SYS_io_uring_enter, {-1, 0, 0, 0, 0, 0}},
      {"io_setup", SYS_io_setup, {0, 0}},
      {"bpf", SYS_bpf, {-1, 0, 0}},
      {"perf_event_open", SYS_perf_event_open, {0, 0, -1, -1, 0}},
      {"userfaultfd", SYS_userfaultfd, {-1}},
      {"memfd_create", SYS_memfd_create, {0, 0}},
      {"mmap to execute", SYS_mmap, {0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0}},
      {"mmap that is shared", SYS_mmap, {0, 4096, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0}},
      {"mprotect to execute", SYS_mprotect, {0, 0, PROT_EXEC}},
      {"pkey_mprotect", SYS_pkey_mprotect, {0, 0, PROT_EXEC, 0}},
      {"shmget", SYS_shmget, {0, 0, 0}},
      {"futex that waits with a mutex", SYS_futex, {0, FUTEX_LOCK_PI, 0, 0, 0, 0}},
      {"add_key", SYS_add_key, {0, 0, 0, 0, 0}},
      {"keyctl", SYS_keyctl, {-1, 0, 0, 0, 0}},
      {"init_module", SYS_init_module, {0, 0, 0}},
      {"finit_module", SYS_finit_module, {-1, 0, 0}},
      {"delete_module", SYS_delete_module, {nowhere, 0}},
      {"kexec_load", SYS_kexec_load, {0, -1, 0, -1}},
      {"reboot", SYS_reboot, {0, 0, 0, 0}},
      {"swapon", SYS_swapon, {nowhere, 0}},
      {"syslog", SYS_syslog, {-1, 0, 0}},
      {"sethostname", SYS_sethostname, {0, -1}},
      {"clock_settime", SYS_clock_settime, {-1, 0}},
      {"adjtimex", SYS_adjtimex, {0}},
      {"setrlimit", SYS_prlimit64, {0, -1, 0, 0}},
      {"sched_setscheduler", SYS_sched_setscheduler, {-1, 0, 0}},
      {"setpriority", SYS_setpriority, {-1, 0, 0}},
#ifdef __x86_64__
      {"open to write", SYS_open, {path, O_WRONLY}},
      {"creat", SYS_creat, {nowhere, 0}},
      {"fork", SYS_fork, {}},
      {"vfork by another number", SYS_vfork | 0x40000000L, {}},
      {"chmod", SYS_chmod, {nowhere, 0}},
      {"chown", SYS_chown, {nowhere, 0, 0}},
      {"unlink", SYS_unlink, {nowhere}},
      {"rename", SYS_rename, {nowhere, nowhere}},
      {"iopl", SYS_iopl, {99}},
      {"modify_ldt", SYS_modify_ldt, {99, 0, 0}},
      {"x32: getpid", SYS_getpid | 0x40000000L, {}},
      {"x32: read", SYS_read | 0x40000000L, {0, 0, 0}},
#endif
      {"a call that does not exist", 5'000, {}},
  };
}

std::string differing(const std::vector<Attempt>& attempts) {
  std::string out;
  for (const Attempt& attempt : attempts) {
    const auto& a = attempt.arguments;
    const long result = ::syscall(attempt.call, a[0], a[1], a[2], a[3], a[4], a[5]);
    const int error = result == -1 ? errno : 0;
    if (error == attempt.answer) continue;
    out += std::string(attempt.name) + " answers " + std::to_string(error) + "\n";
  }
  return out;
}

TEST(Seccomp, WhatIsNotOnTheListIsRefused) {
  const UniqueFd other(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  const open_how how = {};
  const auto result = confined([&](int) {
    std::string said = differing(attempts("/proc/self/status", how));
    if (::write(other.get(), "x", 1) != -1 || errno != EPERM) said += "another descriptor was written to\n";
    return said;
  });
  EXPECT_EQ(result.said, "");
  EXPECT_EQ(result.status, 0);
}

#ifdef __x86_64__
TEST(Seccomp, CallsOfThe32BitMachineAreRefused) {
  const auto result = confined([](int) {
    long answer = 20;  // getpid; where the kernel has no such calls, this is SIGSEGV
    // NOLINTNEXTLINE(hicpp-no-assembler): there is no other way to make one
    __asm__ volatile("int $0x80" : "+a"(answer) : : "memory", "r8", "r9", "r10", "r11");
    return std::to_string(static_cast<int>(answer));
  });
  if (WIFSIGNALED(result.status)) {
    EXPECT_EQ(WTERMSIG(result.status), SIGSEGV);
  } else {
    EXPECT_EQ(result.said, std::to_string(-EPERM));
  }
}
#endif

TEST(Seccomp, WhatCollectingNeedsIsLeft) {
  const auto result = confined([](int log) -> std::string {
    const auto root = RootView::open("/");
    if (!root) return "the root cannot be opened";
    if (!root->read("/etc/hostname", 4096) && !root->read("/etc/passwd", 1 << 20))
      return "no file can be read";
    if (const auto proc = root->list("/proc", 100'000); !proc || proc->names.empty()) return "no listing";
    if (!root->read_link("/proc/self")) return "no link can be read";
    if (::write(log, "", 0) != 0 || ::write(STDERR_FILENO, "", 0) != 0) return "nothing can be written";
    const std::vector<char> memory(std::size_t{64} << 20, 'x');
    return memory.back() == 'x' ? "all is well" : "no memory";
  });
  EXPECT_EQ(result.said, "all is well");
  EXPECT_EQ(result.status, 0);
}

TEST(Seccomp, AFailedAssumptionStillEndsWithASignal) {
  const auto result = confined([](int) -> std::string {
    void (*volatile stop)() = &std::abort;  // as above
    stop();
    return "still there";
  });
  ASSERT_TRUE(WIFSIGNALED(result.status));
  EXPECT_EQ(WTERMSIG(result.status), SIGABRT);
}

TEST(Seccomp, WithoutATerminationLogOnlyTheStandardDescriptorsAreWrittenTo) {
  const pid_t child = ::fork();
  if (child == 0) {
    const UniqueFd other(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    const bool refused = confine(-1).has_value() && ::write(other.get(), "x", 1) == -1 && errno == EPERM;
    end_process(refused ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace baseline::runner
