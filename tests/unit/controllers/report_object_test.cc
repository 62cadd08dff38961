#include "controllers/report_object.h"

#include <gtest/gtest.h>

#include "cluster.h"

namespace baseline::controllers {
namespace {

using testing::at;
using testing::Cluster;

struct World : Cluster {
  World() {
    scan.metadata.name = "nightly";
    scan.metadata.uid = "u";
    scan.status.run = testing::run_of("r", "rep");
    report.scan = "nightly";
    report.started = scan.status.run->started;
  }
  bool write() { return write_report(*client, scan, report, version).value(); }
  crds::BaselineScan scan;
  Report report;
  std::string version;
};

TEST(WriteReport, TakesOneRequestEach) {
  World w;
  EXPECT_TRUE(w.write());
  const std::size_t before = w.server.seen().size();
  w.report.cluster_version = "1.36.1";
  EXPECT_TRUE(w.write());
  EXPECT_EQ(w.server.seen().size(), before + 1);
  const base::Value stored = w.server.find(kReports, "", "rep").value();
  EXPECT_EQ(stored.at("cluster.version").as_string(), "1.36.1");
  EXPECT_EQ(stored.at("metadata.ownerReferences").items().at(0)["uid"].as_string(), "u");
}

TEST(WriteReport, WritesOverWhatChangedMeanwhile) {
  World w;
  EXPECT_TRUE(w.write());
  base::Value stored = w.server.find(kReports, "", "rep").value();
  stored.set("scan", "somebody wrote here");
  w.server.put(kReports, stored);
  EXPECT_TRUE(w.write());
  EXPECT_EQ(w.server.find(kReports, "", "rep").value()["scan"].as_string(), "nightly");
  w.server.erase(kReports, "", "rep");
  EXPECT_TRUE(w.write());
  w.version.clear();  // after a restart
  EXPECT_TRUE(w.write());
}

TEST(WriteReport, LeavesAloneWhatIsNotThisRuns) {
  World w;
  EXPECT_TRUE(w.write());
  const auto taken = [&](auto change) {
    crds::BaselineScan scan = w.scan;
    change(scan);
    std::string version;
    return !write_report(*w.client, scan, w.report, version).value();
  };
  EXPECT_TRUE(taken([](crds::BaselineScan& s) { s.metadata.uid = "another"; }));
  EXPECT_TRUE(taken([](crds::BaselineScan& s) { s.status.run->started = at("2026-01-02T00:00:00Z"); }));
  EXPECT_FALSE(taken([](crds::BaselineScan&) {}));
}

}  // namespace
}  // namespace baseline::controllers
