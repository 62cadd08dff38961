#include "controllers/scan_trigger.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/digest.h"
#include "controllers/cron_schedule.h"

namespace baseline::controllers {
namespace {

constexpr std::size_t kLongestName = 200;  // of an object's 253: the rest is for the stamp and the run's id

// "20260131-081500": sorts by time and stands well in an object's name.
std::string compact_time(base::Time t) {
  std::string text = base::format_time(t);
  std::erase_if(text, [](char c) { return c == '-' || c == ':' || c == 'Z'; });
  std::ranges::replace(text, 'T', '-');
  return text;
}

}  // namespace

base::Result<Due> due_now(const crds::BaselineScan& scan, base::Time now) {
  Due due;
  const std::string& rescan = scan.metadata.annotation(std::string(crds::kRescanAnnotation));
  if (!scan.spec.schedule.empty()) {
    const auto schedule = CronSchedule::parse(scan.spec.schedule);
    if (!schedule) return base::fail(base::ErrorCode::kInvalid, schedule.error().message, "spec.schedule");
    const base::Time last = std::max(scan.status.last_scheduled.value_or(base::Time{}),
                                     scan.metadata.creation_timestamp.value_or(now));
    auto next = schedule->next_after(last, scan.spec.time_zone);
    if (!next) return base::fail(base::ErrorCode::kInvalid, next.error().message, "spec.timeZone");
    if (*next && **next <= now) {
      due.trigger = Trigger{"Schedule", rescan, now};
      next = schedule->next_after(now, scan.spec.time_zone);
    }
    if (!scan.spec.suspend) due.next_run = *next;
  } else if (scan.status.handled_generation != scan.metadata.generation) {
    due.trigger = Trigger{"Generation", rescan, {}};
  }
  if (!rescan.empty() && rescan != scan.status.handled_rescan && !due.trigger)
    due.trigger = Trigger{"Rescan", rescan, {}};
  if (scan.spec.suspend) due.trigger.reset();
  return due;
}

crds::ScanRun new_run(const crds::BaselineScan& scan, const Trigger& trigger, const std::string& profile_hash,
                      base::Time now) {
  crds::ScanRun run;
  const std::string stamp = compact_time(now);
  std::string name = scan.metadata.name.substr(0, kLongestName);
  while (name.ends_with('.') || name.ends_with('-')) name.pop_back();
  run.id =
      base::sha256_hex(scan.metadata.uid + trigger.kind + trigger.rescan + stamp + scan.status.last_report)
          .substr(0, 10);
  run.report = fmt::format("{}-{}", name, stamp);
  // A run so short that the next begins within the same second.
  if (scan.status.last_report.starts_with(run.report)) run.report += "-" + run.id;
  run.trigger = trigger.kind;
  run.generation = scan.metadata.generation;
  run.rescan = trigger.rescan;
  run.profile_hash = profile_hash;
  run.scheduled = trigger.scheduled;
  run.started = now;
  return run;
}

}  // namespace baseline::controllers
