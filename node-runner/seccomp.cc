#include "node-runner/seccomp.h"

#include <array>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <system_error>

#include <fcntl.h>
#include <linux/futex.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

namespace baseline::runner {
namespace {

using base::ErrorCode;
using base::fail;

// A call as SCMP_SYS names it: where the machine has none of that name, the rule is left out by libseccomp.
using Call = int;

constexpr auto kAllowed = std::to_array<Call>({
    // what is looked at and read
    SCMP_SYS(read),
    SCMP_SYS(pread64),
    SCMP_SYS(lseek),
    SCMP_SYS(close),
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(fstatfs),
    SCMP_SYS(readlinkat),
    SCMP_SYS(getdents64),
    SCMP_SYS(uname),
    // memory and time
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(getrandom),
    // the end, an untimely one included
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(restart_syscall),
});

// Which bits of an argument decide, and what they must be. Only the lower half is looked at where the kernel
// takes an int: the upper half may hold anything.
struct Condition {
  unsigned argument;
  std::uint64_t bits;
  std::uint64_t value;
};

struct Conditional {
  Call call;
  Condition first;
  Condition second = {0, 0, 0};  // no bits: always so
};

constexpr std::uint64_t kInt = 0xFFFF'FFFF;
// Opening takes no other flags than these, so it writes, makes and cuts off nothing. O_LARGEFILE is 0 to
// programs and not to the kernel.
constexpr std::uint64_t kNotForReading =
    kInt & ~static_cast<std::uint64_t>(O_RDONLY | O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK |
                                       O_NOCTTY | O_NOATIME);

constexpr auto kConditional = std::to_array<Conditional>({
    {SCMP_SYS(open), {1, kNotForReading, 0}},
    {SCMP_SYS(openat), {2, kNotForReading, 0}},
    {SCMP_SYS(fcntl), {1, kInt, F_GETFL}},  // this and the next are fdopendir's
    {SCMP_SYS(fcntl), {1, kInt, F_SETFD}},
    {SCMP_SYS(fcntl),
     {1, kInt, F_DUPFD_CLOEXEC}},  // a copy of what may not be written to is not written to either
    // No code, and nothing that another process or a file shares.
    {SCMP_SYS(mmap), {2, PROT_EXEC, 0}, {3, MAP_TYPE, MAP_PRIVATE}},
    {SCMP_SYS(mprotect), {2, PROT_EXEC, 0}},
    // std::call_once wakes whoever waits, and the C library does not bear to be refused that.
    {SCMP_SYS(futex), {1, kInt, FUTEX_WAKE | FUTEX_PRIVATE_FLAG}},
});

constexpr auto kWriting = std::to_array<Call>({SCMP_SYS(write), SCMP_SYS(writev)});

using Filter = std::unique_ptr<void, decltype([](scmp_filter_ctx filter) { ::seccomp_release(filter); })>;

// Adds rules until one fails; then `error` says why, as errno would.
class Rules {
 public:
  explicit Rules(scmp_filter_ctx filter) : filter_(filter) {}

  void set(scmp_filter_attr attribute, std::uint32_t value) {
    note(::seccomp_attr_set(filter_, attribute, value));
  }
  void answer(Call call, int error) {
    note(::seccomp_rule_add_array(filter_, SCMP_ACT_ERRNO(static_cast<std::uint32_t>(error)), call, 0,
                                  nullptr));
  }
  void allow(Call call) { note(::seccomp_rule_add_array(filter_, SCMP_ACT_ALLOW, call, 0, nullptr)); }
  void allow(Call call, const Condition& first, const Condition& second = {0, 0, 0}) {
    const std::array comparisons{compare(first), compare(second)};
    note(::seccomp_rule_add_array(filter_, SCMP_ACT_ALLOW, call, second.bits == 0 ? 1 : 2,
                                  comparisons.data()));
  }
  int error() const { return error_; }

 private:
  static scmp_arg_cmp compare(const Condition& condition) {
    return {condition.argument, SCMP_CMP_MASKED_EQ, condition.bits, condition.value};
  }
  void note(int result) {
    if (error_ == 0 && result < 0) error_ = -result;
  }

  scmp_filter_ctx filter_;
  int error_ = 0;
};

void add_rules(Rules& rules, int termination_log) {
  for (const Call call : kAllowed) rules.allow(call);
  for (const Conditional& each : kConditional) rules.allow(each.call, each.first, each.second);
  for (const Call call : kWriting) {
    for (const int fd : {STDOUT_FILENO, STDERR_FILENO, termination_log}) {
      if (fd >= 0) rules.allow(call, {0, kInt, static_cast<std::uint64_t>(fd)});
    }
  }
  rules.allow(SCMP_SYS(tgkill), {0, kInt, static_cast<std::uint64_t>(::getpid())});  // abort
  rules.answer(SCMP_SYS(openat2), ENOSYS);
}

}  // namespace

base::Result<void> confine(int termination_log) {
  const Filter filter(::seccomp_init(SCMP_ACT_ERRNO(EPERM)));
  if (!filter) return fail(ErrorCode::kUnavailable, "there is no memory for it");
  Rules rules(filter.get());
  rules.set(SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(EPERM));
  rules.set(SCMP_FLTATR_CTL_NNP, 1);    // without which only an administrator may install one
  rules.set(SCMP_FLTATR_CTL_TSYNC, 1);  // for every thread, should there ever be another one
  rules.set(SCMP_FLTATR_API_SYSRAWRC, 1);
  add_rules(rules, termination_log);
  const int error = rules.error() != 0 ? rules.error() : -::seccomp_load(filter.get());
  if (error != 0) return fail(ErrorCode::kUnavailable, std::generic_category().message(error));
  return {};
}

}  // namespace baseline::runner
