// What a standard or spec.custom may name stays judgeable: values of every setting of the component tables
// leave the node, in every way in which they can be set, and are in force for whoever judges them.
#include <fstream>
#include <set>

#include <gtest/gtest.h>

#include "base/yaml.h"
#include "baseline/component.h"
#include "baseline/facts/published.h"
#include "baseline/node_view.h"
#include "baseline/settings.h"
#include "node-runner/components.h"
#include "node-runner/flatten.h"

namespace baseline::runner {
namespace {

// Strings and lists, by what is published of them.
std::string sample_text(facts::ValueType type) {
  switch (type) {
    case facts::ValueType::kAddresses:
      return "10.0.0.1";
    case facts::ValueType::kUrls:
      return "https://host.example:2379";
    case facts::ValueType::kPaths:
      return "/etc/kubernetes/x.yaml";
    case facts::ValueType::kNames:
      return "Some-Word_1";
    default:
      return {};
  }
}

std::string sample_of(const SettingSpec& setting, facts::ValueType type) {
  switch (setting.type) {
    case SettingType::kBoolean:
      return "true";
    case SettingType::kInteger:
      return "30";
    case SettingType::kDuration:
      return "1h30m0s";
    case SettingType::kPath:
    case SettingType::kPaths:
      return "/etc/kubernetes/pki/x.crt";
    case SettingType::kMap:
      return "SomeGate=true";
    default:
      return sample_text(type);
  }
}

// The value in force in a process of which the runner gathered this.
EffectiveValue in_force(const facts::NodeFacts& node, const std::string& component,
                        const SettingSpec& setting) {
  const NodeView view(node, {}, built_in_components(), std::nullopt);
  const auto* processes = view.processes(component);
  return processes ? effective_value(processes->front(), setting) : EffectiveValue{};
}

facts::NodeFacts node_of(const Component& process) {
  facts::NodeFacts node;
  *node.add_processes() = process.fact;
  node.mutable_processes(0)->set_origin(facts::ORIGIN_HOST);
  return node;
}

facts::ConfigFile config_of(const std::string& component, const std::string& place,
                            const std::string& value) {
  std::string yaml;
  std::string indent;
  std::string rest = place;
  for (std::size_t dot = 0; dot != std::string::npos;) {
    dot = rest.find('.');
    yaml += indent + rest.substr(0, dot) + ":";
    if (dot != std::string::npos) {
      rest = rest.substr(dot + 1);
      indent += "  ";
      yaml += "\n";
    }
  }
  facts::ConfigFile config;
  config.set_path("/c.yaml");
  config.set_component(component);
  config.set_role("config");
  const auto document = base::parse_yaml(yaml + " " + value + "\n", "test");
  EXPECT_TRUE(document.has_value()) << yaml;
  flatten(*document, component, 100, *config.mutable_settings());
  return config;
}

class Judgeable : public ::testing::Test {
 protected:
  // Calls with every setting of every table and a value of it.
  template <typename Judge>
  static void each_setting(Judge judge) {
    std::size_t count = 0;
    for (const baseline::Component& component : built_in_components().all()) {
      for (const SettingSpec& setting : component.settings) {
        SCOPED_TRACE(component.name + " " + setting.name);
        const auto type = facts::published_flag(component.name, setting.name);
        ASSERT_TRUE(type.has_value()) << "the setting is not in baseline/facts/published";
        const std::string value = sample_of(setting, *type);
        ASSERT_NE(value, "") << "no value of the setting may leave the node";
        judge(component, setting, value);
        ++count;
      }
    }
    EXPECT_GT(count, 90U);
  }

  static Component process(const std::string& component, std::vector<std::string> words) {
    Component out;
    out.fact.set_component(component);
    words.insert(words.begin(), component);
    out.set_argv(std::move(words));
    return out;
  }
};

TEST_F(Judgeable, Flags) {
  each_setting(
      [](const baseline::Component& component, const SettingSpec& setting, const std::string& value) {
        if (!setting.flag) return;
        const std::string flag = "--" + setting.name;
        std::vector<std::vector<std::string>> ways = {{flag + "=" + value}};
        if (setting.type != SettingType::kBoolean) ways.push_back({flag, value});
        if (setting.type == SettingType::kBoolean) ways.push_back({flag});
        for (const auto& words : ways) {
          const auto found = in_force(node_of(process(component.name, words)), component.name, setting);
          EXPECT_FALSE(found.redacted);
          EXPECT_EQ(found.text, value);
          EXPECT_EQ(found.origin, EffectiveValue::Origin::kFlag);
        }
      });
}

TEST_F(Judgeable, EveryDefaultWrittenAsAFlag) {
  each_setting([](const baseline::Component& component, const SettingSpec& setting, const std::string&) {
    if (!setting.flag) return;
    for (const VersionedValue& one : setting.defaults) {
      std::string text = one.value.scalar_text();
      for (const base::Value& item : one.value.items()) text += (text.empty() ? "" : ",") + item.as_string();
      const auto found = in_force(node_of(process(component.name, {"--" + setting.name + "=" + text})),
                                  component.name, setting);
      EXPECT_EQ(found.text, text);
    }
  });
}

TEST_F(Judgeable, VariablesOfEtcd) {
  each_setting(
      [](const baseline::Component& component, const SettingSpec& setting, const std::string& value) {
        if (component.environment_prefix.empty()) return;
        std::string variable = component.environment_prefix;
        for (const char c : setting.name) variable += c == '-' ? '_' : static_cast<char>(std::toupper(c));
        Component etcd = process(component.name, {});
        etcd.set_env({{variable, value}});
        const auto found = in_force(node_of(etcd), component.name, setting);
        EXPECT_EQ(found.text, value);
        EXPECT_EQ(found.origin, EffectiveValue::Origin::kEnvironment);
      });
}

TEST_F(Judgeable, FieldsOfConfigurationFiles) {
  each_setting(
      [](const baseline::Component& component, const SettingSpec& setting, const std::string& value) {
        if (setting.config.empty()) return;
        const bool map = setting.type == SettingType::kMap;
        const std::string place = map ? setting.config + ".SomeGate" : setting.config;
        const facts::ConfigFile config = config_of(component.name, place, map ? "true" : value);
        ASSERT_EQ(config.settings_size(), 1);
        EXPECT_FALSE(config.settings(0).redacted());
        EXPECT_EQ(config.settings(0).value(), map ? "true" : value);
        if (map || component.config_flag.empty()) return;
        facts::NodeFacts node = node_of(process(component.name, {"--" + component.config_flag + "=/c.yaml"}));
        *node.add_configs() = config;
        const auto found = in_force(node, component.name, setting);
        EXPECT_EQ(found.text, value);
        EXPECT_EQ(found.origin, EffectiveValue::Origin::kConfig);
      });
}

// And what did not leave the node is known to be set.
TEST_F(Judgeable, WithheldValuesAreNeverTakenForTheDefault) {
  each_setting([](const baseline::Component& component, const SettingSpec& setting, const std::string&) {
    if (!setting.flag) return;
    const auto found = in_force(node_of(process(component.name, {"--" + setting.name + "=a secret?"})),
                                component.name, setting);
    EXPECT_TRUE(found.redacted);
    EXPECT_TRUE(found.is_set());
  });
}

}  // namespace
}  // namespace baseline::runner
