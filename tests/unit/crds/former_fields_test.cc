// A scan of 0.1 that names the node-runner's image, as a server shows it before and after the CRD of 0.2.
#include "crds/former_fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/yaml.h"
#include "crds/baseline_scan.h"

namespace baseline::crds {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> fields(std::string_view scan) {
  return former_fields(base::parse_yaml(scan, "test").value());
}

TEST(FormerFields, StandInTheObjectUnderTheOldCrd) {
  EXPECT_THAT(fields("spec: {runner: {image: x}}"), ElementsAre("spec.runner.image"));
}

TEST(FormerFields, StandInWhatKubectlAppliedWhereTheServerHasTakenThemOut) {
  EXPECT_THAT(fields("metadata: {annotations: {kubectl.kubernetes.io/last-applied-configuration: "
                     "'{\"spec\":{\"runner\":{\"image\":\"x\"}}}'}}"),
              ElementsAre("spec.runner.image"));
}

TEST(FormerFields, StandInTheRecordOfServerSideApply) {
  EXPECT_THAT(fields("metadata: {managedFields: [{operation: Apply, fieldsV1: {'f:spec': {'f:runner': "
                     "{'f:image': {}}}}}]}"),
              ElementsAre("spec.runner.image"));
}

TEST(FormerFields, AreNotMadeUp) {
  for (const char* scan :
       {"{}", "spec: {runner: {resources: {}}}", "spec: text",
        "metadata: {managedFields: [{operation: Update, "
        "fieldsV1: {'f:spec': {'f:runner': {'f:image': {}}}}}]}",
        "metadata: {annotations: {kubectl.kubernetes.io/last-applied-configuration: '{\"spec\":'}}",
        "metadata: {annotations: {kubectl.kubernetes.io/last-applied-configuration: '[[['}}"}) {
    EXPECT_THAT(fields(scan), IsEmpty()) << scan;
  }
}

TEST(FormerFields, AreNeitherObeyedNorWritten) {
  const auto scan = scan_from_value(
      base::parse_yaml("{metadata: {name: s}, spec: {profileRef: {name: p}, runner: {image: x}}}", "test")
          .value());
  ASSERT_TRUE(scan) << scan.error().text();
  EXPECT_THAT(scan->former_fields, ElementsAre("spec.runner.image"));
  EXPECT_FALSE(to_value(*scan).at("spec").contains("runner"));
}

}  // namespace
}  // namespace baseline::crds
