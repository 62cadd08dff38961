#include "crds/baseline_report.h"

#include <utility>

#include "baseline/report_builder.h"
#include "baseline/report_value.h"

namespace baseline::crds {

base::Result<BaselineReport> report_from_value(const base::Value& object) {
  auto metadata = object_meta_from(object["metadata"]);
  if (!metadata) return std::unexpected(std::move(metadata.error()));
  auto report = report_from(object);
  if (!report) return std::unexpected(std::move(report.error()));
  return BaselineReport{std::move(*metadata), std::move(*report)};
}

base::Value to_value(const BaselineReport& report, std::size_t max_bytes) {
  base::Value object = base::Value::map();
  object.set("apiVersion", kApiVersion);
  object.set("kind", "BaselineReport");
  object.set("metadata", to_value(report.metadata));
  const base::Value fields = baseline::to_value(report.report, max_bytes);
  for (const auto& [key, value] : fields.members()) object.set(key, value);
  return object;
}

base::Value to_value(const BaselineReport& report) {
  return to_value(report, kMaxReportBytes);
}

}  // namespace baseline::crds
