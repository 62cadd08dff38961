#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crds/object_meta.h"
#include "kube/client.h"
#include "kube/reflector.h"
#include "kube/resource.h"

namespace baseline::controllers {

inline constexpr kube::ResourceKind kProfiles{crds::kGroup, crds::kVersion, "baselineprofiles",
                                              "BaselineProfile", false};
inline constexpr kube::ResourceKind kScans{crds::kGroup, crds::kVersion, "baselinescans", "BaselineScan",
                                           false};
inline constexpr kube::ResourceKind kReports{crds::kGroup, crds::kVersion, "baselinereports",
                                             "BaselineReport", false};

// Where a reconciler reads objects from: a cache that may lag behind the API server. Safe from any thread.
class Store {
 public:
  virtual ~Store() = default;
  virtual kube::ObjectPtr get(std::string_view key) const = 0;
  virtual std::vector<kube::ObjectPtr> list() const = 0;
};

class ReflectorStore final : public Store {
 public:
  explicit ReflectorStore(const kube::Reflector& reflector) : reflector_(reflector) {}  // must outlive this
  kube::ObjectPtr get(std::string_view key) const override { return reflector_.get(key); }
  std::vector<kube::ObjectPtr> list() const override { return reflector_.list(); }

 private:
  const kube::Reflector& reflector_;
};

// Everything the reconcilers look at. `jobs` and `pods` hold those of the node-runners only; nodes, jobs,
// pods and reports are projected (project_node, project_job, project_pod, project_report).
struct Stores {
  const Store* profiles = nullptr;
  const Store* scans = nullptr;
  const Store* reports = nullptr;
  const Store* nodes = nullptr;
  const Store* jobs = nullptr;
  const Store* pods = nullptr;
};

// Writes the whole status of one of our objects by server-side apply: fields that are not in it any more go
// away, and nothing else of the object is touched. Refused when the object of that name is not the one of
// that uid any more. Returns the object as it is now.
base::Result<base::Value> apply_status(const kube::Client& client, const kube::ResourceKind& kind,
                                       const std::string& name, const std::string& uid, base::Value status);

// The resourceVersion as a number that grows with each change of the object; 0 when it is none.
std::uint64_t version_number(const base::Value& object);

// What to keep of a BaselineReport in memory: which scan it is of, whether it is finished, when it was made.
base::Value project_report(base::Value&& report);

}  // namespace baseline::controllers
