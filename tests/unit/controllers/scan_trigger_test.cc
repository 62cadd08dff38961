#include "controllers/scan_trigger.h"

#include <gtest/gtest.h>

#include "cluster.h"

namespace baseline::controllers {
namespace {

using testing::at;

crds::BaselineScan scan(std::string_view schedule = "", std::string_view zone = "") {
  crds::BaselineScan s;
  s.metadata.name = "nightly";
  s.metadata.uid = "u";
  s.metadata.generation = 1;
  s.metadata.creation_timestamp = at("2026-01-01T00:00:00Z");
  s.spec.schedule = schedule;
  s.spec.time_zone = zone;
  return s;
}

std::string trigger(const crds::BaselineScan& s, std::string_view now) {
  const auto due = due_now(s, at(now));
  if (!due) return due.error().text();
  return due->trigger ? due->trigger->kind : "";
}

std::string next_run(const crds::BaselineScan& s, std::string_view now) {
  const auto due = due_now(s, at(now));
  return due && due->next_run ? base::format_time(*due->next_run) : "";
}

TEST(DueNow, WithoutAScheduleOnceForEachGeneration) {
  crds::BaselineScan s = scan();
  EXPECT_EQ(trigger(s, "2026-01-01T00:00:00Z"), "Generation");
  s.status.handled_generation = 1;
  EXPECT_EQ(trigger(s, "2026-01-01T00:00:00Z"), "");
  s.metadata.generation = 2;
  EXPECT_EQ(trigger(s, "2026-01-01T00:00:00Z"), "Generation");
}

TEST(DueNow, ANewValueOfTheAnnotationIsAlwaysDue) {
  crds::BaselineScan s = scan();
  s.status.handled_generation = 1;
  s.metadata.annotations[std::string(crds::kRescanAnnotation)] = "1";
  EXPECT_EQ(trigger(s, "2026-01-01T00:00:00Z"), "Rescan");
  s.status.handled_rescan = "1";
  EXPECT_EQ(trigger(s, "2026-01-01T00:00:00Z"), "");
  crds::BaselineScan scheduled = scan("0 2 * * *");
  scheduled.metadata.annotations[std::string(crds::kRescanAnnotation)] = "x";
  EXPECT_EQ(trigger(scheduled, "2026-01-01T00:00:00Z"), "Rescan");
}

TEST(DueNow, WithAScheduleAtItsMoments) {
  crds::BaselineScan s = scan("0 2 * * *", "Asia/Shanghai");
  EXPECT_EQ(trigger(s, "2026-01-01T17:59:59Z"), "");
  EXPECT_EQ(next_run(s, "2026-01-01T17:59:59Z"), "2026-01-01T18:00:00Z");
  EXPECT_EQ(trigger(s, "2026-01-01T18:00:00Z"), "Schedule");
  EXPECT_EQ(next_run(s, "2026-01-01T18:00:00Z"), "2026-01-02T18:00:00Z");
  s.status.last_scheduled = at("2026-01-01T18:00:00Z");
  EXPECT_EQ(trigger(s, "2026-01-01T18:00:01Z"), "");
}

TEST(DueNow, OneRunMakesUpForAllThatWereMissed) {
  crds::BaselineScan s = scan("0 * * * *");
  const auto due = due_now(s, at("2026-01-03T05:30:00Z"));
  ASSERT_TRUE(due && due->trigger);
  s.status.last_scheduled = due->trigger->scheduled;
  EXPECT_EQ(trigger(s, "2026-01-03T05:30:00Z"), "");
  EXPECT_EQ(next_run(s, "2026-01-03T05:30:00Z"), "2026-01-03T06:00:00Z");
}

TEST(DueNow, ASuspendedScanStartsNothingAndCatchesUpLater) {
  crds::BaselineScan s = scan("0 2 * * *");
  s.spec.suspend = true;
  s.metadata.annotations[std::string(crds::kRescanAnnotation)] = "1";
  EXPECT_EQ(trigger(s, "2026-01-05T00:00:00Z"), "");
  EXPECT_EQ(next_run(s, "2026-01-05T00:00:00Z"), "");
  s.spec.suspend = false;
  EXPECT_EQ(trigger(s, "2026-01-05T00:00:00Z"), "Schedule");
}

TEST(DueNow, AScheduleThatNeverComesUpIsNoFault) {
  EXPECT_EQ(trigger(scan("0 0 31 2 *"), "2026-01-05T00:00:00Z"), "");
  EXPECT_EQ(next_run(scan("0 0 31 2 *"), "2026-01-05T00:00:00Z"), "");
}

TEST(DueNow, NamesTheFieldThatCannotBeUnderstood) {
  EXPECT_EQ(trigger(scan("often"), "2026-01-01T00:00:00Z").rfind("spec.schedule: ", 0), 0U);
  EXPECT_EQ(trigger(scan("0 2 * * *", "Mars"), "2026-01-01T00:00:00Z").rfind("spec.timeZone: ", 0), 0U);
}

TEST(NewRun, IsNamedAfterTheMoment) {
  const crds::ScanRun run = new_run(scan(), {"Rescan", "v", {}}, "hash", at("2026-01-31T08:15:00Z"));
  EXPECT_EQ(run.report, "nightly-20260131-081500");
  EXPECT_EQ(run.id.size(), 10U);
  EXPECT_EQ(run.rescan, "v");
  EXPECT_EQ(run.generation, 1);
  EXPECT_EQ(run.profile_hash, "hash");
  EXPECT_EQ(run.started, at("2026-01-31T08:15:00Z"));
}

TEST(NewRun, TwoInOneSecondHaveNamesOfTheirOwn) {
  crds::BaselineScan s = scan();
  std::set<std::string> names, ids;
  for (int i = 0; i < 3; ++i) {
    const crds::ScanRun run = new_run(s, {"Rescan", "v", {}}, "hash", at("2026-01-31T08:15:00Z"));
    names.insert(run.report);
    ids.insert(run.id);
    s.status.last_report = run.report;
  }
  EXPECT_EQ(names.size(), 3U);
  EXPECT_EQ(ids.size(), 3U);
}

TEST(NewRun, ALongNameStaysAValidObjectName) {
  crds::BaselineScan s = scan();
  s.metadata.name = std::string(199, 'a') + "." + std::string(50, 'b');
  const std::string name = new_run(s, {"Rescan", "", {}}, "", at("2026-01-31T08:15:00Z")).report;
  EXPECT_EQ(name, std::string(199, 'a') + "-20260131-081500");
}

}  // namespace
}  // namespace baseline::controllers
