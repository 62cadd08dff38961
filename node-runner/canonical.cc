#include <algorithm>
#include <tuple>

#include "node-runner/context.h"

namespace baseline::runner {
namespace {

template <typename Table, typename Key>
void sort_by(Table* table, Key key) {
  std::sort(table->pointer_begin(), table->pointer_end(),
            [&key](const auto* a, const auto* b) { return key(*a) < key(*b); });
}

}  // namespace

void sort_tables(facts::NodeFacts& facts) {
  sort_by(facts.mutable_processes(),
          [](const facts::Process& p) { return std::tuple(p.component(), p.pid()); });
  sort_by(facts.mutable_files(), [](const facts::File& f) { return std::tuple(f.viewer(), f.path()); });
  sort_by(facts.mutable_directories(),
          [](const facts::Directory& d) { return std::tuple(d.viewer(), d.path()); });
  sort_by(facts.mutable_units(), [](const facts::SystemdUnit& u) { return u.name(); });
  sort_by(facts.mutable_runtimes(),
          [](const facts::ContainerRuntime& r) { return std::tie(r.name(), r.config_path()); });
  sort_by(facts.mutable_certificates(),
          [](const facts::Certificate& c) { return std::tuple(c.viewer(), c.path(), c.index()); });
  sort_by(facts.mutable_containers(), [](const facts::Container& c) {
    return std::tie(c.namespace_(), c.pod(), c.pod_uid(), c.name(), c.runtime(), c.image_id());
  });
  sort_by(facts.mutable_images(), [](const facts::Image& i) { return i.id(); });
  sort_by(facts.mutable_lookalikes(), [](const facts::Lookalike& l) {
    return std::tie(l.pod_namespace(), l.pod_name(), l.component(), l.pod_uid());
  });
  sort_by(facts.mutable_errors(),
          [](const facts::CollectionError& e) { return std::tie(e.table(), e.subject(), e.reason()); });
  for (facts::Process& process : *facts.mutable_processes()) {
    sort_by(process.mutable_listening(),
            [](const facts::Socket& s) { return std::tuple(s.port(), s.protocol(), s.address()); });
    sort_by(process.mutable_env(), [](const facts::EnvVar& e) { return std::tie(e.name(), e.value()); });
  }
}

}  // namespace baseline::runner
