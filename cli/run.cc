#include <type_traits>

#include <fmt/format.h>

#include "base/printable.h"
#include "baseline/standard_loader.h"
#include "cli/cluster_report.h"
#include "cli/explain.h"
#include "cli/lint.h"
#include "cli/options.h"
#include "cli/scan.h"
#include "cli/standards.h"
#include "cli/text.h"
#include "cli/world.h"

namespace baseline::cli {
namespace {

int run_lint(const LintOptions& options, Language language, World& world) {
  const auto standards = load_standards(options.standards, world);
  if (!standards) return kNotMade;
  std::vector<SourceFile> files;
  bool unreadable = false;
  for (const std::string& name : options.files) {
    if (auto file = read_source_file(name)) {
      files.push_back(std::move(*file));
    } else {
      complain(world, file.error().text());
      unreadable = true;
    }
  }
  const LintResult result = lint_profiles(files, world.clock.now(), language, *standards);
  for (const FileMistake& mistake : result.mistakes) world.out << printable(mistake.text()) << '\n';
  for (const FileMistake& warning : result.warnings) world.out << printable(warning.text()) << '\n';
  if (language == Language::kChinese) {
    world.out << fmt::format("{} 个文件中有 {} 个 Profile：{} 处错误，{} 条警告\n", files.size(),
                             result.profiles, result.mistakes.size(), result.warnings.size());
  } else {
    world.out << fmt::format("{} in {}: {}, {}\n", counted(result.profiles, "profile"),
                             counted(files.size(), "file"), counted(result.mistakes.size(), "mistake"),
                             counted(result.warnings.size(), "warning"));
  }
  if (unreadable) return kNotMade;
  return result.mistakes.empty() ? kClean : kFound;
}

int run_version(const VersionOptions& options, Language language, World& world) {
  if (options.only_number) {
    world.out << BASELINE_VERSION "\n";
    return kClean;
  }
  world.out << "kubectl-baseline " BASELINE_VERSION "\n";
  for (const std::string& id : built_in_standard_ids()) {
    const auto standard = built_in_standard(id);
    if (!standard) continue;
    world.out << sayf(language, "standard {}: {} ({} requirements, hash {})\n",
                      "标准 {}：{}（{} 条要求，哈希 {}）\n", standard->id, standard->title.in(language),
                      standard->requirements.size(), standard->hash.substr(0, 12));
  }
  return kClean;
}

}  // namespace

int run(int argc, const char* const* argv, World& world) {
  const Options options = parse_options(argc, argv, language_from_environment(world.getenv));
  const Language language = options.language;
  return std::visit(
      [&]<typename Command>(const Command& command) -> int {
        if constexpr (std::is_same_v<Command, Early>) {
          (command.status == 0 ? world.out : world.err) << base::printable(command.text, base::Breaks::kKept);
          return command.status;
        } else if constexpr (std::is_same_v<Command, ScanOptions>) {
          return run_scan(command, language, world);
        } else if constexpr (std::is_same_v<Command, ExplainOptions>) {
          return run_explain(command, language, world);
        } else if constexpr (std::is_same_v<Command, LintOptions>) {
          return run_lint(command, language, world);
        } else if constexpr (std::is_same_v<Command, ReportOptions>) {
          return run_report(command, language, world);
        } else {
          return run_version(command, language, world);
        }
      },
      options.command);
}

}  // namespace baseline::cli
