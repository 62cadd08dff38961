#include <csignal>
#include <cstdio>
#include <stop_token>
#include <thread>

#include <google/protobuf/stubs/logging.h>
#include <malloc.h>
#include <pthread.h>

#include "base/time.h"
#include "operator/log.h"
#include "operator/options.h"
#include "operator/run.h"

int main(int argc, char** argv) {
  using namespace baseline;
  auto parsed = op::parse_options(argc, argv);
  if (const auto* exit = std::get_if<op::Exit>(&parsed)) {
    std::fputs(exit->text.c_str(), exit->to_stderr ? stderr : stdout);
    return exit->status;
  }
  const auto& options = std::get<op::Options>(parsed);

  // Payloads that are none are told in the reports; the library would print lines of its own.
  google::protobuf::SetLogHandler(nullptr);
  // One arena for all threads: a dozen mostly idle threads would otherwise keep memory apiece.
  mallopt(M_ARENA_MAX, 2);  // NOLINT(concurrency-mt-unsafe): there is one thread yet

  // Signals are taken by one thread that waits for them; every other inherits the mask.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  const base::SystemClock clock;
  const op::Log log(options.log_format == "json", op::log_level(options.log_level), clock);
  std::stop_source stop;
  std::jthread waiter([&] {
    int signal = 0;
    sigwait(&signals, &signal);
    stop.request_stop();
  });
  const int status = op::run_operator(options, log, stop.get_token());
  // Ends the wait when nobody sent a signal: SIGTERM is blocked, and only taken by sigwait.
  pthread_kill(waiter.native_handle(), SIGTERM);  // NOLINT(bugprone-bad-signal-to-kill-thread)
  return status;
}
