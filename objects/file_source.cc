#include "objects/file_source.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <string_view>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "base/json.h"
#include "base/yaml.h"
#include "kube/file_text.h"
#include "objects/broken_items.h"
#include "objects/held_objects.h"
#include "objects/manifest_files.h"
#include "objects/manifest_list.h"
#include "objects/manifest_text.h"
#include "objects/parse.h"

namespace baseline::objects {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;
using base::Value;
using cluster::Kind;

constexpr base::YamlLimits kYamlLimits{.bytes = 64U << 20, .nodes = 5'000'000, .depth = 256};
constexpr std::size_t kMostErrors = 1'000;
constexpr int kDeepestList = 4;                  // as parse_manifest opens them
constexpr std::size_t kLargestWhole = 4U << 20;  // of JSON: a longer List is taken apart item by item
constexpr std::size_t kLargestLined = 1U << 20;  // in which the line of a mistake is looked for

constexpr std::string_view kTemplate =
    "this is a template, not a manifest; render it first (helm template, kustomize build) and give the "
    "result";

// The line that base::parse_yaml puts behind the last ":" of the place.
int line_of(const Error& error) {
  const std::string_view digits = std::string_view(error.where).substr(error.where.rfind(':') + 1);
  int line = 1;
  std::from_chars(digits.data(), digits.data() + digits.size(), line);
  return line;
}

// Text of a template in a place where it would be judged as if it were the value.
bool is_template(const cluster::Object& object) {
  const auto* const pod = std::get_if<cluster::Pod>(&object);
  if (pod == nullptr) return false;
  const auto has_braces = [](const std::string& text) { return text.find("{{") != std::string::npos; };
  return has_braces(pod->metadata.name) || has_braces(pod->metadata.ns) ||
         std::ranges::any_of(pod->containers, has_braces, &cluster::Container::image);
}

class ManifestReading {
 public:
  ManifestReading(const FileOptions& options, ObjectSink& sink)
      : sink_(sink),
        parser_({seccomp_annotations_count(options.version), options.default_namespace}),
        default_namespace_(options.default_namespace),
        max_bytes_(options.max_file_bytes) {}

  void read(const fs::path& path) {
    ++summary_.files;
    auto text = kube::read_text_file(path, max_bytes_);
    if (!text) return add_error(text.error());
    file_ = path.string();
    if (looks_like_json(*text) && read_json(*text)) return;
    for (const TextDocument& document : split_documents(*text)) read_yaml(document);
  }

  void add_error(Error error) {
    if (summary_.errors.size() < kMostErrors) {
      summary_.errors.push_back(std::move(error));
    } else if (summary_.errors.size() == kMostErrors) {
      summary_.errors.push_back({ErrorCode::kLimit, "there are more mistakes than can be shown", file_});
    }
  }

  // Everything in the order that the sink asks for.
  FileSummary finish() {
    HeldTotal total;
    for (const cluster::KindInfo& info : cluster::kinds()) {
      const auto found = kinds_.find(info.kind);
      if (found == kinds_.end()) continue;
      Given& given = found->second;
      summary_.objects += given.objects.size();
      HeldObjects held(info.kind, total.of_next(), sink_);
      std::vector<cluster::Object> one;
      for (cluster::Object& object : given.objects) {
        one.push_back(std::move(object));
        held.add(one);
      }
      given.objects = {};
      for (const cluster::RefusedObject& refused : given.refused)
        held.refuse(refused.ns, refused.name, refused.reason);
      total.take(held.finish());
      if (given.broken.empty()) {
        sink_.read(info.kind);
      } else {
        sink_.unreadable(info.kind, given.broken.reason(info.kind));
        for (const std::string& id : given.broken_documents) {
          sink_.document_broken(id, given.broken.reason(info.kind));
        }
      }
    }
    return std::move(summary_);
  }

 private:
  struct Given {
    std::vector<cluster::Object> objects;
    std::vector<cluster::RefusedObject> refused;
    BrokenItems broken;
    std::set<std::string, std::less<>> broken_documents;  // their ids
  };

  // A whole object, or the items of a list, to requirements that look into it by path. `list`: what it stands
  // in, whose type stands in for one that it does not name itself.
  void hand_over(const Value& object, const Value& list = {}, int depth = 0) {
    std::string api_version = object["apiVersion"].as_string();
    std::string kind = object["kind"].as_string();
    if (api_version.empty()) api_version = list["apiVersion"].as_string();
    if (kind.empty()) kind = list["kind"].as_string().substr(0, list["kind"].as_string().rfind("List"));
    const std::string id = cluster::document_id(api_version, kind);
    if (kind.ends_with("List") && object["items"].is_list() && depth < kDeepestList) {
      for (const Value& item : object["items"].items()) hand_over(item, object, depth + 1);
    } else if (sink_.wants_document(id)) {
      sink_.document(id, object);
      if (!cluster::kind_of(api_version, kind)) ++summary_.objects;
    }
  }

  // False when the text is no JSON after all.
  bool read_json(std::string& text) {
    const auto list = text.size() > kLargestWhole ? list_type(text) : std::nullopt;
    return list ? read_list(text, *list) : read_whole(text, {}, 1);
  }

  bool read_list(std::string& text, const ListType& list) {
    const std::string kind = list.kind.substr(0, list.kind.rfind("List"));
    const auto read = walk_list(
        text, [&](std::string_view item, int line) { read_whole(item, {list.api_version, kind}, line); });
    if (!read) add_error({read.error().code, read.error().message, file_});
    return true;
  }

  // `fallback`: the type of what names none.
  bool read_whole(std::string_view text, const ListType& fallback, int first_line) {
    std::optional<Value> lines;
    const auto line = [&](std::string_view path) {
      if (!lines && text.size() <= kLargestLined) lines = base::parse_yaml(text, "").value_or(Value());
      return first_line - 1 + (lines ? line_at(*lines, path) : 1);
    };
    const auto read = parser_.parse_manifest(
        text, [&](ManifestObject&& object) { take(std::move(object), line); }, fallback.api_version,
        fallback.kind);
    if (read) {
      if (!sink_.wants_documents()) return true;
      const auto whole = base::parse_json(text, file_);
      if (!whole) add_error(whole.error());
      if (whole) hand_over(*whole, type_of(fallback));
      return true;
    }
    if (read.error().expected == "JSON") return false;
    add_error(mistake(read.error(), line(read.error().path)));
    return true;
  }

  static Value type_of(const ListType& type) {
    Value list = Value::map();
    list.set("apiVersion", type.api_version);
    list.set("kind", type.kind + "List");
    return list;
  }

  void read_yaml(const TextDocument& document) {
    auto values = base::parse_yaml_documents(document.text, "", kYamlLimits);
    if (!values) {
      const auto braces = template_line(document.text);
      const int line = document.line - 1 + braces.value_or(line_of(values.error()));
      return add_error({values.error().code, braces ? std::string(kTemplate) : values.error().message,
                        fmt::format("{}:{}", file_, line)});
    }
    for (const Value& value : *values) read_value(value, document.line);
  }

  void read_value(const Value& value, int first_line) {
    if (value.is_null()) return;
    if (!value.is_map()) {
      ++summary_.no_objects;
      return;
    }
    const auto line = [&](std::string_view path) { return first_line - 1 + line_at(value, path); };
    const auto read = parser_.parse_manifest(base::write_json(value),
                                             [&](ManifestObject&& object) { take(std::move(object), line); });
    if (!read) add_error(mistake(read.error(), line(read.error().path)));
    hand_over(value);
  }

  template <typename Line>
  void take(ManifestObject&& object, const Line& line) {
    if (object.type.empty()) {
      ++summary_.no_objects;
      return;
    }
    if (!object.kind) {
      ++summary_.skipped[object.type];
      return;
    }
    Given& given = kinds_[*object.kind];
    if (!object.error && std::ranges::any_of(object.objects, is_template)) {
      object.error = ParseError{"", "", "YAML", "{{ }}"};
      add_error({ErrorCode::kInvalid, std::string(kTemplate), place(line(object.path))});
    } else if (object.error) {
      add_error(mistake(*object.error, line(object.error->path)));
    }
    if (object.error && object.error->is_too_large) return refuse(given, *object.kind, *object.error);
    if (object.error) {
      const std::size_t space = object.type.find(' ');
      given.broken_documents.insert(
          cluster::document_id(object.type.substr(0, space), object.type.substr(space + 1)));
      object.error->object = fmt::format("{} {}", place(line(object.error->path)), object.error->object);
      return given.broken.add(std::move(*object.error));
    }
    std::ranges::move(object.objects, std::back_inserter(given.objects));
  }

  void refuse(Given& given, Kind kind, const ParseError& error) {
    ObjectName object = split_name(error.object);
    if (object.ns.empty() && cluster::info(kind).namespaced) object.ns = default_namespace_;
    given.refused.push_back({kind, std::move(object.ns), std::move(object.name), error.reason(), 1});
    ++summary_.objects;
  }

  std::string place(int line) const { return line > 0 ? fmt::format("{}:{}", file_, line) : file_; }
  Error mistake(const ParseError& error, int line) const {
    Error out = error.error();
    out.where = place(line);
    return out;
  }

  ObjectSink& sink_;
  ObjectParser parser_;
  std::string default_namespace_;
  std::size_t max_bytes_;
  std::string file_;
  FileSummary summary_;
  std::map<Kind, Given> kinds_;
};

}  // namespace

FileSummary read_manifests(const std::vector<fs::path>& paths, ObjectSink& sink, const FileOptions& options) {
  ManifestReading reading(options, sink);
  ManifestFiles found = find_manifests(paths, options.max_files);
  for (Error& error : found.errors) reading.add_error(std::move(error));
  for (const fs::path& file : found.files) reading.read(file);
  return reading.finish();
}

}  // namespace baseline::objects
