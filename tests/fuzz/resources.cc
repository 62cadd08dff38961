// The custom resources as users write them, and the times and schedules in them.
#include "base/json.h"
#include "base/time.h"
#include "base/yaml.h"
#include "baseline/version.h"
#include "crds/baseline_profile.h"
#include "crds/baseline_report.h"
#include "crds/baseline_scan.h"
#include "support.h"

namespace {

using namespace baseline;

template <typename Read>
void round_trip(const base::Value& document, Read read) {
  const auto object = read(document);
  if (!object) {
    fuzz::require_sentence(object.error());
    return;
  }
  const base::Value written = to_value(*object);
  const auto again = read(written);
  fuzz::require(again.has_value(), "a written object can be read", again ? "" : again.error().text());
  fuzz::require(to_value(*again) == written, "it reads back as what it was", base::write_json(written));
}

void read_texts(std::string_view text) {
  if (const auto time = base::parse_date(text)) {
    const auto again = base::parse_time(base::format_time(*time));
    fuzz::require(again.has_value() && *again == *time, "a time is written as it was read", text);
  }
  const auto duration = base::parse_go_duration(text);
  if (duration && *duration % std::chrono::seconds(1) == std::chrono::nanoseconds(0)) {
    const auto again = base::parse_go_duration(base::format_go_duration(*duration));
    fuzz::require(again.has_value() && *again == *duration, "a duration is written as it was read", text);
  }
  if (const auto version = parse_version(text)) {
    fuzz::require(version->major >= 0 && version->minor >= 0 && version->patch >= 0, "a version is no debt",
                  text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  std::string_view lines = text.substr(0, 512);
  while (!lines.empty()) read_texts(fuzz::take_line(lines));
  const auto document = base::parse_yaml(text, "object");
  if (!document) return 0;
  round_trip(*document, crds::scan_from_value);
  round_trip(*document, crds::profile_from_value);
  round_trip(*document, crds::report_from_value);
  return 0;
}
