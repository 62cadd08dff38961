#include "cli/lint.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <tuple>

#include <fmt/format.h>

namespace baseline::cli {
namespace {

class ExpiryWarnings {
 public:
  ExpiryWarnings(const ProfileDocument& profile, base::Time now, Language language,
                 std::vector<FileMistake>& warnings)
      : profile_(profile), now_(now), language_(language), warnings_(warnings) {}

  void look(const std::string& list, std::size_t index, const std::optional<base::Time>& expires) {
    if (!expires || *expires > now_ + kSoon) return;
    const std::string path = fmt::format("spec.{}[{}].expires", list, index);
    const std::string day = base::format_time(*expires).substr(0, 10);
    const auto left = std::chrono::ceil<std::chrono::days>(*expires - now_).count();
    std::string what;
    if (*expires <= now_) {
      what = sayf(language_, "expired on {}: it no longer counts", "已于 {} 到期，不再生效", day);
    } else {
      what = sayf(language_, "expires on {}, in {} days", "将于 {} 到期，还剩 {} 天", day, left);
    }
    warnings_.push_back({profile_.file, line_of(profile_.document, path),
                         fmt::format("{}: {}: {}", say(language_, "warning", "警告"), path, what)});
  }

 private:
  const ProfileDocument& profile_;
  base::Time now_;
  Language language_;
  std::vector<FileMistake>& warnings_;
};

void in_order(std::vector<FileMistake>& list) {
  std::ranges::stable_sort(list, [](const FileMistake& a, const FileMistake& b) {
    return std::tie(a.file, a.line) < std::tie(b.file, b.line);
  });
  const auto repeated = std::ranges::unique(list);
  list.erase(repeated.begin(), repeated.end());
}

}  // namespace

LintResult lint_profiles(const std::vector<SourceFile>& files, base::Time now, Language language,
                         const StandardSet& standards) {
  ProfileSet set(standards);
  for (const SourceFile& file : files) set.add(file);
  LintResult result;
  result.profiles = set.documents().size();
  for (const ProfileDocument& profile : set.documents()) {
    if (!profile.spec) continue;
    set.resolve(profile.name);
    ExpiryWarnings expiry(profile, now, language, result.warnings);
    for (std::size_t i = 0; i < profile.spec->exemptions.size(); ++i) {
      expiry.look("exemptions", i, profile.spec->exemptions[i].expires);
    }
    for (std::size_t i = 0; i < profile.spec->attestations.size(); ++i) {
      expiry.look("attestations", i, profile.spec->attestations[i].expires);
    }
  }
  result.mistakes = set.mistakes();
  if (result.profiles == 0 && result.mistakes.empty() && !files.empty()) {
    result.mistakes.push_back(
        {files.front().name, 0, "There is no BaselineProfile in the files; one was expected."});
  }
  for (FileMistake note : set.notes()) {
    note.message = fmt::format("{}: {}", say(language, "warning", "警告"), note.message);
    result.warnings.push_back(std::move(note));
  }
  in_order(result.mistakes);
  in_order(result.warnings);
  return result;
}

}  // namespace baseline::cli
