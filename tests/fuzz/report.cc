// Reports read back from the API server, where anybody with the right may have written them.
#include "base/json.h"
#include "baseline/report_builder.h"
#include "baseline/report_value.h"
#include "support.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace baseline;
  const auto document = base::parse_json(fuzz::text_of(data, size), "report");
  if (!document) return 0;
  const auto report = report_from(*document);
  if (!report) {
    fuzz::require_sentence(report.error());
    return 0;
  }
  const base::Value written = to_value(*report);
  fuzz::require(base::write_json(written).size() <= kMaxReportBytes, "a report fits into an object");
  const auto again = report_from(written);
  fuzz::require(again.has_value(), "a written report can be read", again ? "" : again.error().text());
  fuzz::require(to_value(*again) == written, "it reads back as what it was", base::write_json(written));

  Report small = *report;
  if (!small.finished) small.finished = base::Time{};
  constexpr std::size_t kSmall = 2'000;
  if (bound(small, kSmall)) {
    fuzz::require(base::write_json(to_value(small)).size() <= kSmall, "a bounded report is within its bound");
  }
  Report compared = *report;
  compare_with_previous(compared, "before", &small, base::Time{});
  return 0;
}
