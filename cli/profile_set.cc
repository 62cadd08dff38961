#include "cli/profile_set.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/embedded.h"
#include "base/yaml.h"
#include "crds/object_meta.h"

namespace baseline {
namespace embedded {
extern const std::span<const File> profile_files;
}

namespace cli {
namespace {

constexpr std::string_view kKind = "BaselineProfile";
constexpr std::size_t kMaxFileBytes = std::size_t{4} << 20;
constexpr std::array<std::string_view, 5> kTopKeys{"apiVersion", "kind", "metadata", "spec", "status"};

// "profile.yaml:12" of an error in a file, apart.
FileMistake from_error(const std::string& file, const base::Error& error) {
  FileMistake mistake{file, 0, error.message};
  if (error.where.size() > file.size() && error.where.starts_with(file) && error.where[file.size()] == ':') {
    const std::string_view line = std::string_view(error.where).substr(file.size() + 1);
    std::from_chars(line.data(), line.data() + line.size(), mistake.line);
  }
  return mistake;
}

FileMistake from_mistake(const std::string& file, const base::Value& document, const Mistake& mistake) {
  return {file, mistake.line > 0 ? mistake.line : line_of(document, mistake.path), mistake.text()};
}

// Takes one step of a path off its front: a key, "[\"quoted.key\"]" or "[3]".
struct Step {
  std::string key;
  std::optional<std::size_t> index;
};

std::optional<Step> take_step(std::string_view& path) {
  if (path.starts_with('.')) path.remove_prefix(1);
  if (path.empty()) return std::nullopt;
  if (path.starts_with("[\"")) {
    const std::size_t end = path.find("\"]", 2);
    if (end == std::string_view::npos) return std::nullopt;
    Step step{std::string(path.substr(2, end - 2)), {}};
    path.remove_prefix(end + 2);
    return step;
  }
  if (path.starts_with('[')) {
    const std::size_t end = path.find(']');
    std::size_t index = 0;
    if (end == std::string_view::npos) return std::nullopt;
    const auto [stop, error] = std::from_chars(path.data() + 1, path.data() + end, index);
    if (error != std::errc() || stop != path.data() + end) return std::nullopt;
    path.remove_prefix(end + 1);
    return Step{{}, index};
  }
  const std::size_t end = std::min(path.find_first_of(".["), path.size());
  Step step{std::string(path.substr(0, end)), {}};
  path.remove_prefix(end);
  return step;
}

}  // namespace

std::string FileMistake::text() const {
  return line > 0 ? fmt::format("{}:{}: {}", file, line, message) : fmt::format("{}: {}", file, message);
}

base::Result<SourceFile> read_source_file(const std::string& path) {
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  if (stream) {
    std::string buffer(kMaxFileBytes + 1, '\0');
    stream.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    const auto size = static_cast<std::size_t>(stream.gcount());
    if (size > kMaxFileBytes) {
      return base::fail(base::ErrorCode::kLimit, "the file is larger than 4 MiB, which no profile needs",
                        path);
    }
    buffer.resize(size);
    if (!stream.bad() && (stream.eof() || size > 0)) return SourceFile{path, std::move(buffer)};
  }
  const int error = errno == 0 ? EIO : errno;
  return base::fail(base::ErrorCode::kNotFound,
                    fmt::format("the file cannot be read: {}", std::generic_category().message(error)), path);
}

int line_of(const base::Value& document, std::string_view path) {
  const base::Value* at = &document;
  int line = document.line();
  while (const auto step = take_step(path)) {
    const base::Value* next = nullptr;
    if (step->index) {
      if (*step->index < at->items().size()) next = &at->items()[*step->index];
    } else {
      next = at->find(step->key);
    }
    if (next == nullptr) break;
    at = next;
    if (at->line() > 0) line = at->line();
  }
  return line;
}

bool is_object_name(std::string_view name) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789";
  if (name.empty() || name.size() > 253) return false;
  if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.") != std::string_view::npos)
    return false;
  return kLetters.contains(name.front()) && kLetters.contains(name.back());
}

ProfileSet::ProfileSet(StandardSet standards) : standards_(std::move(standards)) {
  for (const embedded::File& file : embedded::profile_files) {
    const auto documents = base::parse_yaml_documents(file.content, file.name);
    if (!documents) continue;  // a test holds every built-in profile free of mistakes
    for (const base::Value& document : *documents) {
      if (document["kind"].as_string() != kKind) continue;
      if (auto spec = parse_profile_spec(document["spec"])) {
        built_in_.emplace(document.at("metadata.name").as_string(), std::move(*spec));
      }
    }
  }
  for (const auto& standard : standards_.added()) {
    ProfileSpec whole;
    whole.standard = standard->id;
    built_in_.emplace(standard->id, std::move(whole));
  }
}

std::vector<std::string> ProfileSet::built_in_names() const {
  std::vector<std::string> names;
  for (const auto& [name, spec] : built_in_) names.push_back(name);
  return names;
}

void ProfileSet::add(const SourceFile& file) {
  const auto parsed = base::parse_yaml_documents(file.text, file.name);
  if (!parsed) {
    mistakes_.push_back(from_error(file.name, parsed.error()));
    return;
  }
  const auto found = [this] { return documents_.size() + mistakes_.size() + notes_.size(); };
  const std::size_t before = found();
  for (const base::Value& document : *parsed) add_document(file, document);
  if (found() == before) {
    mistakes_.push_back({file.name, 0, "There is no BaselineProfile in this file; one was expected."});
  }
}

void ProfileSet::add_document(const SourceFile& file, const base::Value& document) {
  if (document.is_null()) return;
  if (!document.is_map()) {
    mistakes_.push_back(
        {file.name, document.line(),
         fmt::format("A BaselineProfile object was expected here, but this is {}.", document.kind_name())});
    return;
  }
  const std::string& kind = document["kind"].as_string();
  if (kind.ends_with("List") && document["items"].is_list()) {
    for (const base::Value& item : document["items"].items()) add_document(file, item);
    return;
  }
  if (kind.empty()) {
    mistakes_.push_back(
        {file.name, line_of(document, "kind"), "kind: \"BaselineProfile\" was expected here."});
    return;
  }
  if (kind != kKind) {
    notes_.push_back({file.name, line_of(document, "kind"),
                      fmt::format("kind: {:.64} is passed over, because it is no BaselineProfile", kind)});
    return;
  }
  add_profile(file, document);
}

void ProfileSet::add_profile(const SourceFile& file, const base::Value& document) {
  const auto mistake = [&](std::string_view path, std::string_view message) {
    mistakes_.push_back({file.name, line_of(document, path), fmt::format("{}: {}", path, message)});
  };
  if (document["apiVersion"].as_string() != crds::kApiVersion) {
    mistake("apiVersion", fmt::format("\"{}\" was expected here.", crds::kApiVersion));
  }
  for (const auto& [key, value] : document.members()) {
    if (std::ranges::find(kTopKeys, key) == kTopKeys.end()) {
      mistake(key.substr(0, 64),
              "A BaselineProfile has no such field; what a profile says stands below spec.");
    }
  }
  const std::string& name = document.at("metadata.name").as_string();
  if (!is_object_name(name)) {
    mistake(
        "metadata.name",
        "A name of lower-case letters, digits, \"-\" and \".\" was expected, as Kubernetes objects have it.");
  }
  if (std::ranges::any_of(documents_, [&](const auto& d) { return !name.empty() && d.name == name; })) {
    mistake("metadata.name", fmt::format("There are two profiles of the name \"{:.64}\"; rename one.", name));
    return;
  }
  ProfileDocument profile{file.name, name, document, {}};
  if (auto spec = parse_profile_spec(document["spec"])) {
    profile.spec = std::move(*spec);
  } else {
    for (const Mistake& one : spec.error()) mistakes_.push_back(from_mistake(file.name, document, one));
  }
  documents_.push_back(std::move(profile));
}

std::vector<std::string> ProfileSet::leaves() const {
  std::vector<std::string> names;
  for (const ProfileDocument& one : documents_) {
    const bool extended = std::ranges::any_of(
        documents_, [&](const auto& other) { return other.spec && other.spec->extends == one.name; });
    if (!extended) names.push_back(one.name);
  }
  return names;
}

std::optional<ProfileSpec> ProfileSet::find(const std::string& name) const {
  const auto given = std::ranges::find(documents_, name, &ProfileDocument::name);
  if (given != documents_.end()) return given->spec;
  const auto built_in = built_in_.find(name);
  return built_in == built_in_.end() ? std::nullopt : std::optional(built_in->second);
}

std::shared_ptr<const ResolvedProfile> ProfileSet::resolve(const std::string& name,
                                                           std::optional<Language> language) {
  auto spec = find(name);
  if (!spec) return nullptr;
  if (language) spec->language = language;
  const auto resolved = resolve_profile(
      name, *spec, [this](const std::string& parent) { return find(parent); }, standards_.lookup());
  if (resolved) return *resolved;
  const auto given = std::ranges::find(documents_, name, &ProfileDocument::name);
  for (const Mistake& one : resolved.error()) {
    mistakes_.push_back(given == documents_.end() ? FileMistake{name, 0, one.text()}
                                                  : from_mistake(given->file, given->document, one));
  }
  return nullptr;
}

}  // namespace cli
}  // namespace baseline
