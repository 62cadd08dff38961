// What stands in the manifests beside the schema.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crd_support.h"

namespace baseline::crds {
namespace {

using base::Value;
using ::testing::ElementsAre;
using testing::read_yaml;

std::vector<std::string> columns(const char* file) {
  std::vector<std::string> names;
  const Value crd = read_yaml(file);
  for (const Value& column : crd.at("spec.versions").items().at(0)["additionalPrinterColumns"].items()) {
    if (column["priority"].as_int() == 0) names.push_back(column["name"].as_string());
  }
  return names;
}

TEST(Manifest, NamesAreTheContracts) {
  const std::vector<std::pair<std::string, std::string>> kinds{{"crds/baseline_profile.yaml", "bprofile"},
                                                               {"crds/baseline_scan.yaml", "bscan"},
                                                               {"crds/baseline_report.yaml", "breport"}};
  for (const auto& [file, short_name] : kinds) {
    const Value crd = read_yaml(file);
    EXPECT_EQ(crd.at("spec.group").as_string(), "baseline.kxy.io");
    EXPECT_EQ(crd.at("spec.scope").as_string(), "Cluster");
    EXPECT_EQ(crd.at("spec.names.shortNames").items().at(0).as_string(), short_name);
    EXPECT_EQ(crd.at("spec.names.categories").items().at(0).as_string(), "baseline");
    const Value& version = crd.at("spec.versions").items().at(0);
    EXPECT_EQ(version["name"].as_string(), "v1alpha1");
    // A report is written whole, by one writer.
    EXPECT_EQ(version["subresources"].contains("status"), short_name != "breport");
    EXPECT_EQ(crd.at("metadata.name").as_string(),
              crd.at("spec.names.plural").as_string() + "." + crd.at("spec.group").as_string());
  }
}

TEST(Manifest, ColumnsAreTheContracts) {
  EXPECT_THAT(columns("crds/baseline_scan.yaml"), ElementsAre("Profile", "Phase", "Progress", "Pass", "Fail",
                                                              "Manual", "Score", "Last", "Next", "Age"));
  EXPECT_THAT(columns("crds/baseline_report.yaml"),
              ElementsAre("Scan", "Pass", "Fail", "Manual", "Error", "Score", "Nodes", "Age"));
  EXPECT_THAT(columns("crds/baseline_profile.yaml"),
              ElementsAre("Standard", "Requirements", "Ready", "Reason", "Age"));
}

void find_rules(const Value& value, const std::string& path, std::vector<std::string>& found) {
  for (const auto& [key, member] : value.members()) {
    if (key == "x-kubernetes-validations") found.push_back(path + "/" + key);
    find_rules(member, path + "/" + key, found);
  }
  for (std::size_t i = 0; i < value.items().size(); ++i) {
    find_rules(value.items()[i], path + "/" + std::to_string(i), found);
  }
}

// A rule that is added to a schema must be taken out for Kubernetes before 1.25.
TEST(Manifest, TheOverlayForOldKubernetesTakesOutEveryRule) {
  std::vector<std::string> rules;
  std::vector<std::string> removed;
  for (const char* name : {"profile", "scan", "report"}) {
    const Value crd = read_yaml(std::string("crds/baseline_") + name + ".yaml");
    std::vector<std::string> paths;
    find_rules(crd, "", paths);
    for (const std::string& path : paths) rules.push_back(crd.at("metadata.name").as_string() + path);
  }
  const Value component = read_yaml("config/components/without-cel/kustomization.yaml");
  for (const Value& patch : component["patches"].items()) {
    const Value operations = base::parse_yaml(patch["patch"].as_string(), "patch").value();
    for (const Value& operation : operations.items()) {
      EXPECT_EQ(operation["op"].as_string(), "remove");
      removed.push_back(patch.at("target.name").as_string() + operation["path"].as_string());
    }
  }
  EXPECT_FALSE(rules.empty());
  EXPECT_THAT(removed, ::testing::UnorderedElementsAreArray(rules));
}

}  // namespace
}  // namespace baseline::crds
