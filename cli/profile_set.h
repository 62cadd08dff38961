#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/value.h"
#include "baseline/profile.h"
#include "baseline/standard_set.h"

namespace baseline::cli {

struct SourceFile {
  std::string name, text;
};

// One mistake with its place: "profile.yaml:12: spec.exemptions[0].expires: …".
struct FileMistake {
  std::string file;
  int line = 0;
  std::string message;

  std::string text() const;
  bool operator==(const FileMistake&) const = default;
};

// Reads a file of at most 4 MiB; "-" is not special here.
base::Result<SourceFile> read_source_file(const std::string& path);

// Where in a document the value of a mistake's path stands: its line, or that of the nearest value around it.
int line_of(const base::Value& document, std::string_view path);

// A profile as it stands in a file.
struct ProfileDocument {
  std::string file, name;
  base::Value document;
  std::optional<ProfileSpec> spec;  // nothing when the spec has mistakes
};

// The BaselineProfile objects of some files, and beside them the built-in ones: those of config/profiles. A
// file's profile takes the place of a built-in one of the same name. Each further standard stands for a
// profile of its id, which asks all of it. Mistakes are gathered, not returned.
class ProfileSet {
 public:
  explicit ProfileSet(StandardSet standards = {});

  // Documents of another kind are passed over and named in notes(); Lists are opened.
  void add(const SourceFile& file);

  const std::vector<ProfileDocument>& documents() const { return documents_; }
  const std::vector<FileMistake>& mistakes() const { return mistakes_; }
  const std::vector<FileMistake>& notes() const { return notes_; }
  std::vector<std::string> built_in_names() const;

  // Names of the files' profiles that none of the files' others extends.
  std::vector<std::string> leaves() const;

  // Null, with new mistakes(), when it cannot be resolved. `language` takes the place of the profile's own.
  std::shared_ptr<const ResolvedProfile> resolve(const std::string& name,
                                                 std::optional<Language> language = {});

 private:
  void add_document(const SourceFile& file, const base::Value& document);
  void add_profile(const SourceFile& file, const base::Value& document);
  std::optional<ProfileSpec> find(const std::string& name) const;

  StandardSet standards_;
  std::vector<ProfileDocument> documents_;
  std::map<std::string, ProfileSpec> built_in_;
  std::vector<FileMistake> mistakes_, notes_;
};

// For tests of wrong names: a DNS subdomain as the API asks for it.
bool is_object_name(std::string_view name);

}  // namespace baseline::cli
