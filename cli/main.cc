#include <csignal>

#include "base/time.h"
#include "cli/world.h"

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_DFL);  // `| head` ends the program quietly
  const baseline::base::SystemClock clock;
  baseline::cli::World world = baseline::cli::real_world(clock);
  return baseline::cli::run(argc, argv, world);
}
