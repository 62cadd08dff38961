#include "cli/choose_profile.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "baseline/exemption.h"
#include "cli/profile_set.h"

namespace baseline::cli {
namespace {

using base::Result;
using ProfilePtr = std::shared_ptr<const ResolvedProfile>;

constexpr std::string_view kDefaultProfile = "kxy-cs001-2023";

base::Error invalid(std::string message) {
  return {base::ErrorCode::kInvalid, std::move(message), {}};
}

class Choice {
 public:
  Choice(const ScanOptions& options, const StandardSet& standards, Language language)
      : options_(options), standards_(standards), language_(language) {}

  Result<ProfilePtr> choose() const {
    ProfileSet set(standards_);
    std::vector<std::string> built_in;
    for (const std::string& name : options_.profiles) {
      const auto known = set.built_in_names();
      std::error_code ignored;
      if (std::ranges::find(known, name) != known.end() && !std::filesystem::exists(name, ignored)) {
        built_in.push_back(name);
        continue;
      }
      const auto file = read_source_file(name);
      if (!file) return std::unexpected(file.error());
      set.add(*file);
    }
    const auto name = pick(set, built_in);
    if (!name) return std::unexpected(name.error());
    auto language = options_.language;
    if (options_.profiles.empty() && !language) language = language_;
    ProfilePtr profile;
    if (set.mistakes().empty()) profile = set.resolve(*name, language);
    if (!set.mistakes().empty()) return std::unexpected(first_mistake(set));
    return narrowed(std::move(profile));
  }

 private:
  // A scan stops at the first mistake; lint names them all.
  base::Error first_mistake(const ProfileSet& set) const {
    std::string text = set.mistakes().front().text();
    if (set.mistakes().size() > 1) {
      text += sayf(language_, " (and {} more: kubectl-baseline profile lint names them all)",
                   "（另有 {} 处：用 kubectl-baseline profile lint 查看全部）", set.mistakes().size() - 1);
    }
    return invalid(std::move(text));
  }

  Result<std::string> pick(const ProfileSet& set, const std::vector<std::string>& built_in) const {
    std::vector<std::string> names = set.leaves();
    names.insert(names.end(), built_in.begin(), built_in.end());
    std::vector<std::string> all = set.built_in_names();
    for (const ProfileDocument& one : set.documents()) all.push_back(one.name);
    const std::string& asked = options_.profile_name;
    if (!asked.empty()) {
      if (std::ranges::find(all, asked) != all.end()) return asked;
      return std::unexpected(
          invalid(sayf(language_, "there is no profile \"{}\"; there are {}",
                       "没有名为“{}”的 Profile；可用的有 {}", asked, join(all, language_))));
    }
    if (options_.profiles.empty()) return std::string(kDefaultProfile);
    if (names.size() == 1) return names.front();
    if (names.empty()) {
      // Only where all have mistakes or extend each other in a circle: resolving one tells it.
      if (!set.documents().empty()) return set.documents().front().name;
      if (!set.mistakes().empty()) return std::string();  // told by the caller
      return std::unexpected(
          invalid(std::string(say(language_, "there is no BaselineProfile in the files of --profile",
                                  "--profile 的文件中没有 BaselineProfile"))));
    }
    return std::unexpected(
        invalid(sayf(language_, "the files hold several profiles ({}); say which by --profile-name",
                     "文件中有多个 Profile（{}）；请用 --profile-name 指定一个", join(names, language_))));
  }

  // The profile with no more than the requirements of --requirement. Its hash tells that it is another one.
  Result<ProfilePtr> narrowed(ProfilePtr profile) const {
    if (options_.requirements.empty()) return profile;
    auto less = std::make_shared<ResolvedProfile>(*profile);
    for (const std::string& selector : options_.requirements) {
      const bool some = std::ranges::any_of(profile->requirements, [&](const SelectedRequirement& s) {
        return selects_requirement(selector, s.requirement->id);
      });
      if (some) continue;
      return std::unexpected(invalid(
          sayf(language_,
               "--requirement {}: profile {} has no such requirement; kubectl-baseline explain lists them",
               "--requirement {}：Profile {} 中没有这条要求；可用 kubectl-baseline explain 查看列表",
               selector, profile->name)));
    }
    std::erase_if(less->requirements, [&](const SelectedRequirement& s) {
      return std::ranges::none_of(options_.requirements, [&](const std::string& selector) {
        return selects_requirement(selector, s.requirement->id);
      });
    });
    for (const SelectedRequirement& s : less->requirements) less->hash += ' ' + s.requirement->id;
    less->hash = base::sha256_hex(less->hash);
    return less;
  }

  const ScanOptions& options_;
  const StandardSet& standards_;
  Language language_;
};

}  // namespace

Result<ProfilePtr> choose_profile(const ScanOptions& options, Language language,
                                  const StandardSet& standards) {
  return Choice(options, standards, language).choose();
}

}  // namespace baseline::cli
