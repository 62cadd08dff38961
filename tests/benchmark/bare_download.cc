// Downloads all lists that a scan of a cluster reads, and drops them: what no program that reads them can be
// faster than. Arguments: a kubeconfig. Prints how many objects and bytes came.
#include <iostream>
#include <string_view>

#include "base/time.h"
#include "baseline/cluster/kinds.h"
#include "kube/client.h"
#include "kube/config.h"
#include "kube/curl_transport.h"
#include "objects/served_kinds.h"

namespace {

using namespace baseline;

struct Received {
  std::size_t objects = 0, bytes = 0;
};

base::Result<Received> download(const kube::Client& client) {
  auto served = objects::ServedKinds::discover(client);
  if (!served) return std::unexpected(served.error());
  Received received;
  for (const cluster::KindInfo& kind : cluster::kinds()) {
    const auto answer = served->find(kind);
    if (!answer) return std::unexpected(answer.error());
    if (answer->version.empty() || kind.is_group()) continue;
    const kube::ResourceKind resource{kind.group, answer->version, kind.plural, kind.name, kind.namespaced};
    const auto count = [&](std::string_view item) {
      ++received.objects;
      received.bytes += item.size();
      return true;
    };
    const auto end =
        kind.kind == cluster::Kind::kPod
            ? client.list_encoded(resource, {},
                                  [&](std::string_view item, kube::Encoding) { return count(item); })
            : client.list_raw(resource, {}, count);
    if (!end) return std::unexpected(end.error());
  }
  return received;
}

base::Result<Received> run(const char* kubeconfig) {
  auto config = kube::load_kubeconfig({.file = kubeconfig, .context = {}, .kubeconfig_env = {}, .home = {}});
  if (!config) return std::unexpected(config.error());
  const base::SystemClock clock;
  auto transport = kube::make_curl_transport(std::move(*config), clock);
  if (!transport) return std::unexpected(transport.error());
  return download(kube::Client(**transport));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: bare_download KUBECONFIG\n";
    return 2;
  }
  const auto received = run(argv[1]);
  if (!received) {
    std::cerr << received.error().text() << '\n';
    return 1;
  }
  std::cout << received->objects << ' ' << received->bytes << '\n';
  return 0;
}
