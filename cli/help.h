#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "cli/language.h"

namespace baseline::cli {

// Usage, arguments, options and commands of one command, wrapped by display width, in one language.
class HelpFormatter final : public CLI::FormatterBase {
 public:
  explicit HelpFormatter(Language language) : language_(language) {}
  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override;

 private:
  std::string usage(const CLI::App& app, const std::string& name) const;

  Language language_;
};

}  // namespace baseline::cli
