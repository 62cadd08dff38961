// The standard that is built into the program: free of mistakes, and true to the list of the standard's rows.
#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "base/yaml.h"
#include "baseline/component.h"
#include "baseline/standard_loader.h"

namespace baseline {
namespace {

std::string read(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string all_of(const std::vector<Mistake>& mistakes) {
  std::string out;
  for (const Mistake& mistake : mistakes) out += mistake.text() + "\n";
  return out;
}

TEST(Catalogue, HasNoMistakes) {
  const auto standard = load_standard(built_in_standard_files("kxy-cs001-2023"));
  ASSERT_TRUE(standard) << all_of(standard.error());
  EXPECT_EQ((*standard)->id, "kxy-cs001-2023");
  EXPECT_EQ((*standard)->hash.size(), 64U);
  ASSERT_NE(built_in_standard("kxy-cs001-2023"), nullptr);
  EXPECT_EQ(built_in_standard("kxy-cs001-2023")->hash, (*standard)->hash);
  EXPECT_EQ(built_in_standard("other"), nullptr);
  EXPECT_EQ(built_in_standard_ids(), std::vector<std::string>{"kxy-cs001-2023"});
}

TEST(Catalogue, ComponentTablesHaveNoMistakes) {
  const auto tables = load_components(built_in_component_files());
  ASSERT_TRUE(tables) << all_of(tables.error());
  for (const char* name :
       {"etcd", "kube-apiserver", "kube-controller-manager", "kube-proxy", "kube-scheduler", "kubelet"}) {
    EXPECT_NE(tables->find(name), nullptr) << name;
  }
}

TEST(Catalogue, HoldsIdsLevelsAndMarksOfTheStandard) {
  const auto rows =
      base::parse_yaml(read(std::string(TEST_DATA_DIR) + "/requirements.json"), "requirements.json");
  ASSERT_TRUE(rows) << rows.error().text();
  const auto standard = built_in_standard("kxy-cs001-2023");
  ASSERT_NE(standard, nullptr);
  ASSERT_EQ(standard->requirements.size(), rows->items().size());
  ASSERT_EQ(rows->items().size(), 156U);
  for (const base::Value& row : rows->items()) {
    const Requirement* requirement = standard->find(row["id"].as_string());
    ASSERT_NE(requirement, nullptr) << row["id"].as_string();
    EXPECT_EQ(to_string(requirement->level), row["level"].as_string()) << requirement->id;
    EXPECT_EQ(requirement->automated, row["automated"].as_bool()) << requirement->id;
  }
}

TEST(Catalogue, NodeRequirementsAreTheSectionsOneToSixAndWhatIsSetUpOnNodes) {
  // Of the sections about objects, the runtime's registries and the network plugin are the nodes' business.
  const std::set<std::string> set_up_on_nodes{"5.7.1.19", "5.8.2.1"};
  const auto standard = built_in_standard("kxy-cs001-2023");
  ASSERT_NE(standard, nullptr);
  for (const Requirement& requirement : standard->requirements) {
    const bool node = set_up_on_nodes.contains(requirement.id) ||
                      (!requirement.id.starts_with("5.7") && !requirement.id.starts_with("5.8.2"));
    EXPECT_EQ(requirement.scope == Scope::kNode, node) << requirement.id;
    if (node) {
      EXPECT_NE(requirement.check, nullptr) << requirement.id;
    }
  }
}

TEST(Catalogue, RequirementsAreInTheStandardsOrder) {
  const auto standard = built_in_standard("kxy-cs001-2023");
  ASSERT_NE(standard, nullptr);
  EXPECT_EQ(standard->requirements.front().id, "5.1.1.1");
  std::size_t ninth = 0;
  std::size_t tenth = 0;
  for (std::size_t i = 0; i < standard->requirements.size(); ++i) {
    if (standard->requirements[i].id == "5.1.2.9") ninth = i;
    if (standard->requirements[i].id == "5.1.2.10") tenth = i;
  }
  EXPECT_EQ(ninth + 1, tenth);
}

TEST(Catalogue, OnlyThePeerRowsOfEtcdNeedSeveralMembers) {
  const auto standard = built_in_standard("kxy-cs001-2023");
  ASSERT_NE(standard, nullptr);
  std::set<std::string> rows;
  for (const Requirement& requirement : standard->requirements) {
    if (requirement.needs_etcd_members) rows.insert(requirement.id);
  }
  EXPECT_EQ(rows, (std::set<std::string>{"5.4.2.4", "5.4.2.5", "5.4.2.6"}));
}

TEST(Catalogue, BothLanguagesSayDifferentThings) {
  const auto standard = built_in_standard("kxy-cs001-2023");
  ASSERT_NE(standard, nullptr);
  for (const Requirement& requirement : standard->requirements) {
    for (const Localized* text : {&requirement.title, &requirement.explanation, &requirement.remediation}) {
      EXPECT_NE(text->en, text->zh) << requirement.id;
    }
  }
}

// Facts about Kubernetes itself, as its own releases have them.
TEST(ComponentTables, DefaultsFollowTheVersion) {
  const Component* kubelet = built_in_components().find("kubelet");
  ASSERT_NE(kubelet, nullptr);
  const SettingSpec* events = kubelet->setting("event-qps");
  ASSERT_NE(events, nullptr);
  EXPECT_EQ(at_version(events->defaults, parse_version("1.26.9"))->as_int(), 5);
  EXPECT_EQ(at_version(events->defaults, parse_version("1.27.0"))->as_int(), 50);
  EXPECT_EQ(at_version(events->defaults, std::nullopt), nullptr);
  const SettingSpec* port = kubelet->setting("read-only-port");
  EXPECT_EQ(at_version(port->defaults, std::nullopt)->as_int(), 10255);
  EXPECT_EQ(at_version(port->config_defaults, std::nullopt)->as_int(), 0);
}

TEST(ComponentTables, DefaultAdmissionPluginsFollowTheVersion) {
  const Component* apiserver = built_in_components().find("kube-apiserver");
  ASSERT_NE(apiserver, nullptr);
  std::map<std::string, std::size_t> expected{{"1.10", 9},  {"1.12", 11}, {"1.16", 13}, {"1.18", 17},
                                              {"1.22", 18}, {"1.27", 20}, {"1.33", 22}, {"1.36", 27}};
  for (const PluginSet& set : apiserver->admission_plugins) {
    const auto found = expected.find(minor_text(set.from));
    if (found != expected.end()) {
      EXPECT_EQ(set.plugins.size(), found->second) << found->first;
    }
    for (const char* never :
         {"AlwaysAdmit", "NodeRestriction", "PodSecurityPolicy", "DenyServiceExternalIPs"}) {
      EXPECT_EQ(std::ranges::count(set.plugins, never), 0) << never;
    }
  }
}

}  // namespace
}  // namespace baseline
