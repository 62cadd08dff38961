#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cli/world.h"

namespace baseline::cli {

enum class Output { kTable, kJson, kYaml };
enum class FailOn { kFail, kError, kNever };

struct ScanOptions {
  bool node = true;  // a node is looked at: asked for, or no other source is
  std::string root = "/";
  std::vector<std::string> facts;         // files made by node-runner; not empty: no root is looked at
  std::vector<std::string> manifests;     // files and folders of Kubernetes objects
  bool live = false;                      // the objects of a cluster's API server
  ClusterOptions cluster;                 // which
  std::vector<std::string> namespaces;    // only workloads of these; a trailing * is a prefix; empty: all
  std::vector<std::string> profiles;      // files, or names of built-in profiles
  std::string profile_name;               // which of several
  std::vector<std::string> standards;     // folders with further standards
  std::vector<std::string> requirements;  // ids or prefixes; empty: all
  std::optional<Language> language;
  Output output = Output::kTable;
  FailOn fail_on = FailOn::kFail;
  bool all = false, details = false;
};

struct ExplainOptions {
  std::string id;  // empty: everything there is
  std::vector<std::string> standards;
  Output output = Output::kTable;
};

struct LintOptions {
  std::vector<std::string> files;
  std::vector<std::string> standards;
};

struct ReportOptions {
  std::string name, scan;
  ClusterOptions cluster;
  std::vector<Status> statuses;
  bool all = false;
  Output output = Output::kTable;
};

struct VersionOptions {
  bool only_number = false;
};

// The program is over before it began: what to print (to standard error when `status` is not 0).
struct Early {
  int status = 0;
  std::string text;
};

struct Options {
  std::variant<Early, ScanOptions, ExplainOptions, LintOptions, ReportOptions, VersionOptions> command;
  Language language = Language::kEnglish;  // of what the program itself says: --lang, else the environment
};

// `environment` is the language that the environment asks for.
Options parse_options(int argc, const char* const* argv, Language environment);

}  // namespace baseline::cli
