#include <csignal>

#include <google/protobuf/stubs/logging.h>

#include "base/time.h"
#include "cli/world.h"

int main(int argc, char** argv) {
  google::protobuf::SetLogHandler(nullptr);  // what is refused is told in our own words
  std::signal(SIGPIPE, SIG_DFL);             // `| head` ends the program quietly
  const baseline::base::SystemClock clock;
  baseline::cli::World world = baseline::cli::real_world(clock);
  return baseline::cli::run(argc, argv, world);
}
