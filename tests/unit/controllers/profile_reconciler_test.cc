#include "controllers/profile_reconciler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster.h"

namespace baseline::controllers {
namespace {

using testing::at;
using testing::Cluster;
using ::testing::HasSubstr;

struct World : Cluster {
  base::Value profile(const std::string& name) { return server.find(kProfiles, "", name).value(); }
  base::Value ready(const std::string& name) { return profile(name).at("status.conditions").items().at(0); }
  std::optional<base::Time> look(const std::string& name) {
    const auto next = ProfileReconciler(*client, profiles, *resolver, clock, *events).reconcile(name);
    EXPECT_TRUE(next.has_value()) << (next ? "" : next.error().text());
    return next.value_or(std::nullopt);
  }
};

TEST(ProfileReconciler, CountsWhatAGoodProfileHolds) {
  World w;
  w.set_profile("p",
                "{standard: tiny, exemptions: [{requirements: ['1.1'], reason: r, owner: o, expires: "
                "'2025-12-31'}, {requirements: ['1.2'], reason: r, owner: o, expires: '2026-02-01'}]}");
  EXPECT_EQ(w.look("p"), at("2026-02-01T00:00:00Z"));
  const base::Value status = w.profile("p")["status"];
  EXPECT_EQ(status["requirements"].as_int(), 3);
  EXPECT_EQ(status["exemptions"].as_int(), 2);
  EXPECT_EQ(status["expiredExemptions"].as_int(), 1);
  EXPECT_EQ(status["observedGeneration"].as_int(), 1);
  EXPECT_FALSE(status["resolvedHash"].as_string().empty());
  EXPECT_EQ(w.ready("p")["status"].as_string(), "True");
  w.clock.move_to(at("2026-02-01T00:00:00Z"));
  EXPECT_EQ(w.look("p"), std::nullopt);
  EXPECT_EQ(w.profile("p").at("status.expiredExemptions").as_int(), 2);
}

TEST(ProfileReconciler, NamesEveryMistakeByItsPath) {
  World w;
  w.set_profile("p",
                "{standard: tiny, requirements: {include: ['9.9']}, overrides: {'8.8': {level: mandatory}}}");
  EXPECT_EQ(w.look("p"), std::nullopt);
  EXPECT_EQ(w.ready("p")["status"].as_string(), "False");
  EXPECT_EQ(w.ready("p")["reason"].as_string(), "Invalid");
  EXPECT_THAT(w.ready("p")["message"].as_string(), HasSubstr("spec.requirements.include"));
  EXPECT_GE(w.profile("p").at("status.mistakes").as_int(), 1);
  w.events->flush();
  EXPECT_FALSE(w.server.all(kube::kEvent).empty());
}

TEST(ProfileReconciler, WritesOnlyWhatChanges) {
  World w;
  w.set_profile("p", "standard: tiny");
  w.look("p");
  const std::size_t before = w.server.requests("PATCH", "/baselineprofiles");
  w.clock.move(std::chrono::hours(1));
  w.look("p");
  EXPECT_EQ(w.server.requests("PATCH", "/baselineprofiles"), before);
}

TEST(ProfileReconciler, AMistakeOfTheParentIsTheChildsToo) {
  World w;
  w.set_profile("child", "{extends: parent}");
  w.look("child");
  EXPECT_THAT(w.ready("child")["message"].as_string(), HasSubstr("parent"));
  w.set_profile("parent", "standard: tiny");
  w.look("child");
  EXPECT_EQ(w.ready("child")["status"].as_string(), "True");
}

TEST(ProfileReconciler, AProfileThatIsGoneIsNothingToDo) {
  World w;
  EXPECT_EQ(w.look("nobody"), std::nullopt);
}

TEST(MistakesText, IsBounded) {
  const std::vector<Mistake> many(70, Mistake{"spec.x", 0, std::string(1000, 'm')});
  const std::string text = mistakes_text(many);
  EXPECT_LT(text.size(), 32768U);
  EXPECT_THAT(text, HasSubstr("70 mistakes: "));
  EXPECT_THAT(text, HasSubstr("and 20 more"));
}

}  // namespace
}  // namespace baseline::controllers
