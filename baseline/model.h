#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/value.h"

// The vocabulary of a security baseline (XCCDF's terms where it has one). All plain values.
namespace baseline {

enum class Language { kEnglish, kChinese };

// A text in both languages; both are always there.
struct Localized {
  std::string en, zh;
  const std::string& in(Language language) const { return language == Language::kChinese ? zh : en; }
  bool operator==(const Localized&) const = default;
};

// The outcome of one requirement. Contract: the names are part of the API.
enum class Status { kPass, kFail, kManual, kNotApplicable, kError, kWaived, kNotChecked };
std::string_view to_string(Status status);
std::optional<Status> status_from(std::string_view name);
// The worse of two by Fail > Error > Manual > Waived > Pass > NotApplicable > NotChecked.
Status worse(Status a, Status b);

enum class Level { kMandatory, kRecommended };
std::string_view to_string(Level level);
std::optional<Level> level_from(std::string_view name);

// Where a requirement's evidence comes from.
enum class Scope { kNode, kCluster };
std::string_view to_string(Scope scope);

// Kubernetes versions a requirement applies to: from <= version < below; empty bounds are open. "1.24".
struct VersionRange {
  std::string from, below;
  bool operator==(const VersionRange&) const = default;
};

// A value that a profile may change, for one requirement.
struct Parameter {
  std::string name;
  enum class Type { kInteger, kString, kBoolean, kDuration, kStringList } type = Type::kString;
  base::Value default_value;
  Localized description;
};

// How a requirement is judged: the declarative forms of docs/standard-format.md, checked by the loader.
struct Check;

struct Requirement {
  std::string id;       // "5.1.2.1"
  std::string section;  // "5.1.2"
  Level level = Level::kMandatory;
  bool automated = false;  // whether the standard itself calls the row automatable
  Scope scope = Scope::kNode;
  std::string object;  // component or kind of object it is about: "kube-apiserver", "pod"
  VersionRange versions;
  Localized title, explanation, remediation;
  std::vector<Parameter> parameters;
  bool needs_etcd_members =
      false;  // holds only where etcd has several members; the whole cluster settles that
  std::shared_ptr<const Check> check;  // null: no check in this build; the result is NotChecked
  // Scope node: judged over the API's objects, it settles what the nodes leave to a person (Manual).
  std::shared_ptr<const Check> objects;

  const Parameter* parameter(std::string_view name) const;
};

struct Section {
  std::string id;  // "5.1.2"
  Localized title;
};

// A standard: immutable once loaded, safe to share between threads.
struct Standard {
  std::string id;  // "kxy-cs001-2023"
  std::string version;
  Localized title;
  std::vector<Section> sections;
  std::vector<Requirement> requirements;  // in the standard's order
  std::string hash;                       // SHA-256 of its files

  const Requirement* find(std::string_view requirement_id) const;
  const Section* section(std::string_view section_id) const;
};

// One mistake in a user's document.
struct Mistake {
  std::string path;     // "spec.exemptions[0].expires"
  int line = 0;         // 0 when the document has no lines (an API object)
  std::string message;  // what is wrong, what was expected, how to mend it

  // "spec.exemptions[0].expires: …"
  std::string text() const { return path.empty() ? message : path + ": " + message; }
  bool operator==(const Mistake&) const = default;
};

}  // namespace baseline
