#include <gtest/gtest.h>

#include "baseline/exemption.h"
#include "profile_support.h"

namespace baseline {
namespace {

using testing::at;

using Labels = std::map<std::string, std::string>;

Exemption exemption(std::vector<std::string> requirements) {
  Exemption e;
  e.requirements = std::move(requirements);
  e.expires = at("2030-01-01");
  return e;
}

TEST(Exemption, PrefixesTakeWholeParts) {
  EXPECT_TRUE(selects_requirement("5.6", "5.6.1.1"));
  EXPECT_TRUE(selects_requirement("5.6.1.1", "5.6.1.1"));
  EXPECT_FALSE(selects_requirement("5.6", "5.60.1.1"));
  EXPECT_FALSE(selects_requirement("5.6.1.1", "5.6.1.10"));
  EXPECT_FALSE(selects_requirement("5.6.1.1", "5.6.1"));
  EXPECT_FALSE(selects_requirement("", "5.6.1"));
}

TEST(Exemption, CountsUntilItExpires) {
  const Exemption e = exemption({"5.6"});
  EXPECT_TRUE(covers(e, "5.6.1.1", {}, at("2029-12-31T23:59:59Z")));
  EXPECT_FALSE(covers(e, "5.6.1.1", {}, at("2030-01-01")));
  EXPECT_FALSE(covers(e, "5.1.1.1", {}, at("2029-12-31")));
}

TEST(Exemption, NodeSelectorMatchesKnownLabelsOnly) {
  Exemption e = exemption({"5.6"});
  e.scope.node_selector = {{"pool", "edge"}};
  const base::Time now = at("2029-01-01");
  EXPECT_TRUE(covers(e, "5.6.1.1", {{"pool", "edge"}, {"zone", "a"}}, now));
  EXPECT_FALSE(covers(e, "5.6.1.1", {{"pool", "core"}}, now));
  EXPECT_FALSE(covers(e, "5.6.1.1", {}, now));
}

TEST(Exemption, WhatIsAboutObjectsCoversNothingOnANode) {
  const base::Time now = at("2029-01-01");
  for (auto list : {&ExemptionScope::namespaces, &ExemptionScope::names, &ExemptionScope::kinds,
                    &ExemptionScope::containers}) {
    Exemption e = exemption({"5.6"});
    (e.scope.*list).push_back("x");
    EXPECT_FALSE(covers(e, "5.6.1.1", {}, now));
  }
  Exemption e = exemption({"5.6"});
  e.scope.labels = {{"pool", "edge"}};
  EXPECT_FALSE(covers(e, "5.6.1.1", {{"pool", "edge"}}, now));
}

TEST(Exemption, TheFirstThatCoversIsTaken) {
  std::vector<Exemption> all{exemption({"5.1"}), exemption({"5.6"}), exemption({"5.6.1"})};
  all[0].expires = at("2020-01-01");
  const base::Time now = at("2029-01-01");
  EXPECT_EQ(covering_exemption(all, "5.6.1.1", {}, now), &all[1]);
  EXPECT_EQ(covering_exemption(all, "5.1.1.1", {}, now), nullptr);
}

}  // namespace
}  // namespace baseline
