// What is given to users to apply is right.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "baseline/profile.h"
#include "baseline/standard_loader.h"
#include "crd_support.h"
#include "crds/baseline_scan.h"

namespace baseline::crds {
namespace {

using testing::read_yaml;

constexpr const char* kWhole = "config/profiles/kxy-cs001-2023.yaml";
constexpr const char* kMandatory = "config/profiles/kxy-cs001-2023-mandatory.yaml";
constexpr const char* kTailored = "config/samples/profile-tailored.yaml";

std::string all(const std::vector<Mistake>& mistakes) {
  std::string text;
  for (const Mistake& mistake : mistakes) text += mistake.text() + "\n";
  return text;
}

std::shared_ptr<const ResolvedProfile> resolved(const std::string& file) {
  const auto parse = [](const std::string& path) {
    const auto spec = parse_profile_spec(read_yaml(path)["spec"]);
    if (!spec) ADD_FAILURE() << path << ": " << all(spec.error());
    return spec.value_or(ProfileSpec{});
  };
  const ProfileLookup profiles = [&](const std::string& name) -> std::optional<ProfileSpec> {
    if (name != "kxy-cs001-2023") return std::nullopt;
    return parse(kWhole);
  };
  const auto profile = resolve_profile(read_yaml(file).at("metadata.name").as_string(), parse(file), profiles,
                                       [](const std::string& id) { return built_in_standard(id); });
  if (!profile) ADD_FAILURE() << file << ": " << all(profile.error());
  return profile.value_or(nullptr);
}

TEST(Sample, TheReadyProfilesSelectTheStandard) {
  const auto whole = resolved(kWhole);
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->requirements.size(), 156U);
  const auto mandatory = resolved(kMandatory);
  ASSERT_TRUE(mandatory);
  EXPECT_EQ(mandatory->requirements.size(), 128U);
  for (const SelectedRequirement& selected : mandatory->requirements)
    EXPECT_EQ(selected.level, Level::kMandatory);
}

TEST(Sample, TheTailoredProfileIsRight) {
  const auto profile = resolved(kTailored);
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->language, Language::kChinese);
  EXPECT_EQ(profile->exemptions.size(), 5U)
      << "its own, and the four scenarios of the profile that it extends";
  EXPECT_EQ(profile->attestations.size(), 1U);
  EXPECT_EQ(profile->find("5.1.5.2")->parameters.at("minimum"), base::Value(90));
  EXPECT_EQ(profile->find("5.6.3.2")->level, Level::kMandatory);
}

TEST(Sample, TheScansAreRight) {
  const auto once = scan_from_value(read_yaml("config/samples/scan-once.yaml"));
  ASSERT_TRUE(once) << once.error().text();
  EXPECT_EQ(once->spec.profile, "kxy-cs001-2023");
  EXPECT_EQ(once->spec.schedule, "");
  const auto nightly = scan_from_value(read_yaml("config/samples/scan-nightly.yaml"));
  ASSERT_TRUE(nightly) << nightly.error().text();
  EXPECT_EQ(nightly->spec.schedule, "0 2 * * *");
  EXPECT_EQ(nightly->spec.time_zone, "Asia/Shanghai");
  EXPECT_EQ(nightly->spec.history, 14);
  EXPECT_EQ(nightly->spec.export_format, ExportFormat::kNone);
  const auto exported = scan_from_value(read_yaml("config/samples/scan-export.yaml"));
  ASSERT_TRUE(exported) << exported.error().text();
  EXPECT_EQ(exported->spec.export_format, ExportFormat::kPolicyReport);
}

}  // namespace
}  // namespace baseline::crds
