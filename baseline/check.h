#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/value.h"
#include "baseline/cluster/document_kind.h"
#include "baseline/cluster/field_path.h"

// The forms of a check (docs/standard-format.md), read and held against the component tables by
// check_parse.h. Plain data: what they mean is in baseline/checks/.
namespace baseline {

struct Check;

// A value in a check: written there, or the profile's value of a parameter.
struct Operand {
  base::Value literal;
  std::string parameter;  // not empty: the literal is unused
};

struct Expectation {
  enum class Kind {
    kUnset,
    kSet,
    kEquals,
    kNotEquals,
    kContains,
    kLacks,
    kInteger,
    kDuration,
    kSubsetOf,
    kLoopback,
    kFile,
  };
  Kind kind = Kind::kSet;
  Operand value;                            // kEquals … kLacks, kSubsetOf
  std::optional<Operand> minimum, maximum;  // kInteger, kDuration: inclusive
  std::optional<Operand> above;             // kDuration: exclusive
};

struct SettingName {
  std::string component, name;
};

struct SettingCheck {
  enum class WhenUnset { kDefault, kPass, kFail };
  SettingName setting;
  Expectation expect;
  WhenUnset when_unset = WhenUnset::kDefault;
};

struct FeatureGateCheck {
  std::string component, gate;
  bool must_be_enabled = true;  // else: it must not be disabled by anything
};

struct AdmissionCheck {
  std::string plugin;
  bool enabled = true;
};

// What contributes files to a FilesCheck.
struct FileSelector {
  enum class Kind { kManifest, kSetting, kWellKnown, kTree, kUnit, kUnitOf, kConfigOf, kCni, kFirst };
  Kind kind = Kind::kWellKnown;
  std::string name;     // kManifest, kUnitOf, kConfigOf: component; kWellKnown: path; kUnit: unit
  SettingName setting;  // kSetting
  std::vector<std::string> folders;   // kTree: well-known folders of the host
  std::vector<SettingName> settings;  // kTree: settings whose files' folders are searched
  std::vector<std::string> names;     // kTree: patterns of file names, * stands for anything
  std::vector<FileSelector> first;    // kFirst
  std::optional<Operand> folder;      // kCni: where the runtime names no folder
};

struct FilesCheck {
  enum class Absent { kNotApplicable, kFail, kError };
  std::string component;  // empty: wherever the files are
  std::vector<FileSelector> select;
  bool directories = false;
  std::optional<std::uint32_t> mode;  // no permission bit outside it
  std::optional<Operand> owners;      // a list of "owner:group"
  Absent absent = Absent::kNotApplicable;
};

struct BuiltinCheck {
  std::string name;
  std::vector<std::pair<std::string, Operand>> with;

  const Operand* argument(std::string_view key) const {
    for (const auto& [name_of, operand] : with) {
      if (name_of == key) return &operand;
    }
    return nullptr;
  }
};

// A field of the API's objects, by path.
struct FieldCheck {
  enum class Quantifier { kEvery, kAny, kNone };
  enum class WhenAbsent { kFail, kPass, kNotApplicable };
  std::vector<cluster::DocumentKind> kinds;
  std::vector<cluster::FieldPath> paths;  // their values are taken together
  Quantifier quantifier = Quantifier::kEvery;
  Expectation expect;
  WhenAbsent when_absent = WhenAbsent::kFail;
};

struct AllOf {
  std::vector<Check> checks;
};

struct AnyOf {
  std::vector<Check> checks;
};

struct Check {
  std::variant<SettingCheck, FeatureGateCheck, AdmissionCheck, FilesCheck, BuiltinCheck, FieldCheck, AllOf,
               AnyOf>
      form;
};

}  // namespace baseline
