#include "controllers/scan_reconciler.h"

#include <utility>

#include "controllers/scan_pass.h"

namespace baseline::controllers {
namespace {

constexpr std::chrono::seconds kLogTimeout{15};

// The scan without its spec, for one whose spec cannot be read: enough to say so in its status.
base::Result<crds::BaselineScan> without_spec(base::Value object) {
  base::Value spec = base::Value::map();
  spec.set("profileRef", base::Value::map()).set("name", "unknown");
  object.set("spec", std::move(spec));
  return crds::scan_from_value(object);
}

}  // namespace

ScanReconciler::ScanReconciler(const kube::Client& client, Stores stores, const ProfileResolver& resolver,
                               const base::Clock& clock, kube::EventRecorder& events, ScanObserver& observer,
                               ScanSettings settings)
    : client_(client),
      log_client_(client.with(kLogTimeout, kube::RetryPolicy{.attempts = 1}, settings.stop)),
      stores_(stores),
      resolver_(resolver),
      clock_(clock),
      events_(events),
      observer_(observer),
      settings_(std::move(settings)) {}

ScanReconciler::~ScanReconciler() = default;

std::shared_ptr<ScanReconciler::ScanMemory> ScanReconciler::memory_of(const crds::BaselineScan& scan) {
  std::shared_ptr<ScanMemory> memory;
  {
    const std::scoped_lock lock(mutex_);
    auto& known = memory_[scan.metadata.name];
    if (known && known->uid == scan.metadata.uid) return known;
    known = std::make_shared<ScanMemory>();
    known->uid = scan.metadata.uid;
    memory = known;
  }
  if (!scan.status.last_report.empty()) observer_.result_known(scan);
  return memory;
}

base::Result<std::optional<base::Time>> ScanReconciler::reconcile(const std::string& name) {
  const kube::ObjectPtr object = stores_.scans->get(name);
  if (!object || (*object)["metadata"].contains("deletionTimestamp")) {
    // Its Jobs and reports are owned by it: the garbage collector removes them.
    const std::scoped_lock lock(mutex_);
    if (memory_.erase(name) > 0) observer_.scan_gone(name);
    return std::nullopt;
  }
  const auto read = crds::scan_from_value(*object);
  auto scan = read ? read : without_spec(*object);
  if (!scan) return std::unexpected(scan.error());
  const auto memory = memory_of(*scan);
  if (version_number(*object) < memory->written_version) scan->status = memory->written_status;
  Pass pass(*this, *memory, *std::move(scan));
  return read ? pass.run() : pass.refuse_spec(read.error());
}

}  // namespace baseline::controllers
