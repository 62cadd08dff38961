#include "cli/world.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string>

#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/text.h"
#include "kube/config.h"
#include "kube/curl_transport.h"
#include "node-runner/collect.h"

namespace baseline::cli {
namespace {

constexpr std::size_t kWidthOfFiles = 100;
constexpr std::size_t kGreatestWidth = 200;

std::string environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): nothing changes it
  return value ? value : "";
}

std::size_t terminal_width() {
  winsize size{};
  // Below this a table is no table any more.
  constexpr std::size_t kLeast = 40;
  std::size_t columns = kWidthOfFiles;
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    columns = size.ws_col;
  } else if (const int asked = std::atoi(environment("COLUMNS").c_str()); asked > 0) {
    columns = static_cast<std::size_t>(asked);
  }
  return std::min(std::max(columns, kLeast), kGreatestWidth);
}

base::Result<std::unique_ptr<kube::Transport>> connect(const ClusterOptions& options,
                                                       const base::Clock& clock) {
  auto config = kube::load_kubeconfig(kube::kubeconfig_from_environment(options.kubeconfig, options.context));
  if (!config && options.kubeconfig.empty() && options.context.empty() &&
      config.error().code == base::ErrorCode::kNotFound) {
    // In a pod there is no kubeconfig, but a service account.
    if (auto in_cluster = kube::in_cluster_config()) config = std::move(in_cluster);
  }
  if (!config) return std::unexpected(config.error());
  kube::CurlOptions curl;
  curl.user_agent = "kubectl-baseline/" BASELINE_VERSION;
  return kube::make_curl_transport(std::move(*config), clock, std::move(curl));
}

}  // namespace

World real_world(const base::Clock& clock) {
  const bool terminal = ::isatty(STDOUT_FILENO) == 1;
  const std::string term = environment("TERM");
  return World{
      .in = std::cin,
      .out = std::cout,
      .err = std::cerr,
      .colour = terminal && environment("NO_COLOR").empty() && term != "dumb",
      .err_terminal = ::isatty(STDERR_FILENO) == 1 && term != "dumb",
      .width = terminal_width(),
      .superuser = ::geteuid() == 0,
      .getenv = environment,
      .clock = clock,
      .collect =
          [&clock](const std::string& root) {
            runner::CollectOptions options;
            options.root = root;
            return runner::collect(options, clock);
          },
      .connect = [&clock](const ClusterOptions& options) { return connect(options, clock); },
  };
}

int complain(World& world, std::string_view sentence) {
  world.err << "kubectl-baseline: " << printable(sentence) << '\n';
  return kNotMade;
}

}  // namespace baseline::cli
