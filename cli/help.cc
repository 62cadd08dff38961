#include "cli/help.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "cli/text.h"

namespace baseline::cli {
namespace {

constexpr std::size_t kHelpWidth = 100;
constexpr std::size_t kColumn = 26;

std::string entry(const std::string& term, const std::string& description) {
  const std::string label = "  " + term;
  if (display_width(label) + 2 <= kColumn) return hanging(padded(label, kColumn), description, kHelpWidth);
  return label + '\n' + hanging(std::string(kColumn, ' '), description, kHelpWidth);
}

std::string term_of(const CLI::Option& option) {
  std::string term;
  for (const std::string& name : option.get_snames()) term += (term.empty() ? "-" : ", -") + name;
  for (const std::string& name : option.get_lnames()) term += (term.empty() ? "--" : ", --") + name;
  if (term.empty()) term = option.get_name();
  if (option.get_positional() || option.get_items_expected_max() == 0) return term;
  return term + ' ' + option.get_type_name();
}

}  // namespace

std::string HelpFormatter::usage(const CLI::App& app, const std::string& name) const {
  std::string line(say(language_, "Usage: ", "用法："));
  line += name.empty() ? app.get_name() : name;
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_positional()) continue;
    const std::string dots = option->get_items_expected_max() > 1 ? "…" : "";
    line += option->get_required() ? " " + option->get_name() + dots : " [" + option->get_name() + dots + "]";
  }
  if (!app.get_subcommands(nullptr).empty()) line += say(language_, " COMMAND", " 命令");
  return line + std::string(say(language_, " [OPTIONS]", " [选项]")) + '\n';
}

std::string HelpFormatter::make_help(const CLI::App* app, std::string name, CLI::AppFormatMode) const {
  std::string out = hanging("", app->get_description(), kHelpWidth) + '\n' + usage(*app, name);
  const auto commands = app->get_subcommands(nullptr);
  if (!commands.empty()) {
    out += '\n' + std::string(say(language_, "Commands:", "命令：")) + '\n';
    for (const CLI::App* command : commands) out += entry(command->get_name(), command->get_description());
  }
  std::string arguments;
  std::string options;
  for (const CLI::Option* option : app->get_options()) {
    std::string& part = option->get_positional() ? arguments : options;
    part += entry(term_of(*option), option->get_description());
  }
  if (!arguments.empty())
    out += '\n' + std::string(say(language_, "Arguments:", "参数：")) + '\n' + arguments;
  if (!options.empty()) out += '\n' + std::string(say(language_, "Options:", "选项：")) + '\n' + options;
  if (!app->get_footer().empty()) out += '\n' + app->get_footer() + '\n';
  return out;
}

}  // namespace baseline::cli
