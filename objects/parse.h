#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "baseline/cluster/kinds.h"
#include "baseline/cluster/objects.h"
#include "baseline/version.h"
#include "kube/client_options.h"
#include "objects/parse_error.h"

namespace baseline::objects {

inline constexpr std::size_t kMaxContainers = 5'000;  // of one pod, of all lists together
inline constexpr std::size_t kMaxVolumes = 5'000;

struct ParseOptions {
  // Whether the annotations that came before the seccomp fields count. API servers from 1.27 on ignore them.
  bool seccomp_annotations = true;
  // Of a namespaced object that names none; the API server's own objects always do.
  std::string default_namespace{};
};

// Whether a server of this version (none: not known) still minds them.
inline bool seccomp_annotations_count(const std::optional<Version>& server) {
  return !server || *server < Version{1, 27, 0};
}

// Whether bytes behind the text may be read (never written) by the parser: 32 of them, as behind every item
// that kube::Client::list_raw hands on. Otherwise the text is copied first.
enum class Padding { kNone, kReadable };

// One object of a manifest.
struct ManifestObject {
  std::string type;                   // "apps/v1 Deployment"; empty: it names no apiVersion or no kind
  std::optional<cluster::Kind> kind;  // kPod for workloads too; empty: no requirement asks for this kind
  std::vector<cluster::Object> objects;
  std::optional<ParseError> error;  // it could not be read; `objects` is empty then
  std::string path;                 // "items[3]" in a List; empty: the document itself
};

// "namespace/name" of the object in a text that may be no JSON as a whole, if it is sound as far as that.
std::string name_in(std::string_view json);

// Reads JSON texts of single objects into what requirements ask for; what they do not ask for is not copied.
// Keeps its buffers from one text to the next. Not thread-safe.
//
// Strict where it matters: a field that is read and has another type than the API's is an error, since a
// setting that was overlooked could pass for one that is not there. Only annotations, times and selectors are
// lenient: the first two are left out, the last are marked as invalid.
class ObjectParser {
 public:
  explicit ObjectParser(ParseOptions options = {});
  ~ObjectParser();
  ObjectParser(ObjectParser&&) noexcept;
  ObjectParser& operator=(ObjectParser&&) noexcept;

  // An item of a list, whose kind is known. Appends what it makes: one object, or several (the rules of one
  // Cilium policy). Appends nothing with an error.
  std::expected<void, ParseError> parse(cluster::Kind kind, std::string_view json, Padding padding,
                                        std::vector<cluster::Object>& out);

  // The same of an item as kube::Client::list_encoded hands it on: JSON, or a pod in Protobuf.
  std::expected<void, ParseError> parse_item(cluster::Kind kind, std::string_view item,
                                             kube::Encoding encoding, std::vector<cluster::Object>& out);

  // A document of a manifest: an object with apiVersion and kind, or a List of them, whose items are handed
  // on one by one. Templates of workloads become pods. The error is about the document as a whole.
  // `api_version` and `kind`: of what names none itself.
  using ManifestSink = std::function<void(ManifestObject&& object)>;
  std::expected<void, ParseError> parse_manifest(std::string_view json, const ManifestSink& sink,
                                                 std::string_view api_version = {},
                                                 std::string_view kind = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace baseline::objects
