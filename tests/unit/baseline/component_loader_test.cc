#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "baseline/component.h"
#include "baseline/standard_loader.h"

namespace baseline {
namespace {

using testing::HasSubstr;

std::string mistakes_of(const std::string& text) {
  const auto loaded = load_components({{"components/a.yaml", text}});
  std::string all;
  if (!loaded) {
    for (const Mistake& mistake : loaded.error()) all += mistake.text() + "\n";
  }
  return all;
}

TEST(ComponentLoader, ReadsASetting) {
  const auto loaded = load_components({{"components/a.yaml", R"(component: a
config-flag: config
runs-in-pods: true
settings:
  - {name: config, type: path}
  - {name: many, type: list, config: spec.many, default: [x, z]}
  - {name: some, type: integer, default: [{from: "1.2", value: 1}, {from: "1.10", value: 2}]}
)"}});
  ASSERT_TRUE(loaded);
  const Component* a = loaded->find("a");
  ASSERT_NE(a, nullptr);
  EXPECT_TRUE(a->runs_in_pods);
  EXPECT_TRUE(a->setting("many")->appends);
  EXPECT_FALSE(a->setting("some")->appends);
  EXPECT_EQ(a->setting("none"), nullptr);
  const auto& some = a->setting("some")->defaults;
  EXPECT_EQ(at_version(some, Version{1, 9, 0})->as_int(), 1);
  EXPECT_EQ(at_version(some, Version{1, 10, 0})->as_int(), 2);
  EXPECT_EQ(at_version(some, Version{1, 1, 0}), nullptr);
  EXPECT_EQ(at_version(some, std::nullopt), nullptr);
}

TEST(ComponentLoader, NamesMistakes) {
  EXPECT_THAT(mistakes_of("component: a\nsettings: [{name: b, type: word}]\n"),
              HasSubstr("a.yaml:2: \"word\" is no type"));
  EXPECT_THAT(mistakes_of("component: a\nsettings: [{name: b, type: boolean, default: 3}]\n"),
              HasSubstr("does not fit"));
  EXPECT_THAT(mistakes_of("component: a\nsettings: [{name: b, type: path}, {name: b, type: path}]\n"),
              HasSubstr("stands twice"));
  EXPECT_THAT(mistakes_of("component: a\nconfig-flag: config\nsettings: []\n"),
              HasSubstr("\"config\" that names files"));
  EXPECT_THAT(mistakes_of("component: a\nsettings: [{name: b, type: integer, default: [{from: \"1.9\", "
                          "value: 1}, {from: \"1.8\", value: 2}]}]\n"),
              HasSubstr("versions must ascend"));
  EXPECT_THAT(mistakes_of("component: a\nsettings: []\nowner: me\n"), HasSubstr("\"owner\" is no key"));
}

}  // namespace
}  // namespace baseline
