#include "objects/parse.h"

#include <utility>
#include <variant>

#include <fmt/format.h>

#include "objects/held_bytes.h"
#include "objects/limits.h"
#include "objects/pod_protobuf.h"
#include "objects/readers.h"

namespace baseline::objects {
namespace {

using cluster::Kind;

constexpr int kDeepestList = 4;                                            // Lists within Lists
constexpr std::size_t kFirstBuffers = 64U << 10, kKeptBuffers = 2U << 20;  // for texts of so many bytes

std::string_view text_at(Json object, std::string_view key) {
  simdjson::dom::object members;
  std::string_view text;
  if (object.get_object().get(members) || members[key].get_string().get(text)) return {};
  return text;
}

std::string object_name(Json object) {
  simdjson::dom::object members;
  Json metadata;
  if (object.get_object().get(members) || members["metadata"].get(metadata)) return {};
  const std::string ns(text_at(metadata, "namespace"));
  const std::string name(text_at(metadata, "name"));
  return ns.empty() ? name : ns + "/" + name;
}

void read(Reader& reader, Kind kind, Json object, const ParseOptions& options, Objects& out) {
  switch (kind) {
    case Kind::kNamespace:
      return read_namespace(reader, object, out);
    case Kind::kServiceAccount:
      return read_service_account(reader, object, out);
    case Kind::kRole:
    case Kind::kClusterRole:
      return read_role(reader, kind == Kind::kClusterRole, object, out);
    case Kind::kRoleBinding:
    case Kind::kClusterRoleBinding:
      return read_binding(reader, kind == Kind::kClusterRoleBinding, object, out);
    case Kind::kNetworkPolicy:
      return read_network_policy(reader, object, out);
    case Kind::kService:
      return read_service(reader, object, out);
    case Kind::kConfigMap:
      return read_config_map(reader, object, out);
    case Kind::kResourceQuota:
      return read_resource_quota(reader, object, out);
    case Kind::kLimitRange:
      return read_limit_range(reader, object, out);
    case Kind::kCertificateSigningRequest:
      return read_certificate_request(reader, object, out);
    case Kind::kVulnerabilityReport:
      return read_vulnerability_report(reader, object, out);
    case Kind::kCiliumNetworkPolicy:
    case Kind::kCiliumClusterwideNetworkPolicy:
      return read_cilium_policy(reader, kind, object, out);
    case Kind::kCalicoNetworkPolicy:
    case Kind::kCalicoGlobalNetworkPolicy:
      return read_calico_policy(reader, kind, object, out);
    case Kind::kPod:
      return read_pod(reader, object, options, out);
    default:
      return read_other(reader, kind, object, out);
  }
}

// Whose annotations requirements look at. Others often repeat the object (kubectl apply).
bool is_told_by_annotations(const cluster::Object& object) {
  const auto* const other = std::get_if<cluster::OtherObject>(&object);
  return std::holds_alternative<cluster::Pod>(object) || (other && other->kind == Kind::kGatekeeperTemplate);
}

// Manifests of Calico name the group of its own API server; the objects are the same.
std::optional<Kind> judged_kind(std::string_view api_version, std::string_view kind) {
  if (api_version.starts_with("projectcalico.org/")) api_version = "crd.projectcalico.org/v1";
  return cluster::kind_of(api_version, kind);
}

}  // namespace

std::string name_in(std::string_view json) {
  simdjson::ondemand::parser parser;
  const simdjson::padded_string padded(json);
  simdjson::ondemand::document document;
  std::string_view ns;
  std::string_view name;
  if (parser.iterate(padded).get(document)) return {};
  simdjson::ondemand::object metadata;
  if (document["metadata"].get_object().get(metadata)) return {};
  if (metadata["name"].get_string().get(name)) return {};
  std::string out(name);
  metadata.reset();
  if (!metadata["namespace"].get_string().get(ns)) out = std::string(ns) + "/" + out;
  return out;
}

struct ObjectParser::Impl {
  ParseOptions options;
  simdjson::dom::parser parser{};
  Reader reader{};
  ProtobufPodParser protobuf_pods{options};

  std::expected<Json, ParseError> document(std::string_view json, Padding padding) {
    reader.reset();
    // After one large text the buffers would stay as large.
    if (parser.capacity() > kKeptBuffers && json.size() <= kKeptBuffers) parser = simdjson::dom::parser();
    if (parser.capacity() == 0 && parser.allocate(kFirstBuffers, kDeepest) != simdjson::SUCCESS) {
      return std::unexpected(ParseError{{}, {}, "JSON", simdjson::error_message(simdjson::MEMALLOC)});
    }
    Json root;
    const auto error = parser.parse(json.data(), json.size(), padding == Padding::kNone).get(root);
    if (!error && root.is_object()) return root;
    if (!error) return std::unexpected(ParseError{{}, {}, "object", std::string(type_name(root))});
    const bool too_deep = error == simdjson::DEPTH_ERROR;
    return std::unexpected(ParseError{name_in(json),
                                      {},
                                      too_deep ? fmt::format("JSON, depth ≤ {}", kDeepest) : "JSON",
                                      simdjson::error_message(error),
                                      too_deep});
  }

  // What all objects have in common, once `make` has appended what this one holds.
  template <typename Make>
  std::optional<ParseError> object(Json root, bool namespaced, Objects& out, Make&& make) {
    const std::size_t before = out.size();
    make();
    for (std::size_t i = before; i < out.size(); ++i) {
      cluster::Metadata& metadata = metadata_of(out[i]);
      if (!is_told_by_annotations(out[i])) metadata.annotations.clear();
      if (metadata.name.empty()) reader.missing("metadata.name", "string");
      if (namespaced && metadata.ns.empty()) metadata.ns = options.default_namespace;
    }
    auto error = reader.take_error();
    if (!error) return std::nullopt;
    out.erase(out.begin() + static_cast<std::ptrdiff_t>(before), out.end());
    error->object = object_name(root);
    return error;
  }

  ManifestObject manifest(Json root, std::string_view api_version, std::string_view kind) {
    ManifestObject result;
    result.path = reader.way();
    if (api_version.empty() || kind.empty()) return result;
    result.type = std::string(api_version) + " " + std::string(kind);
    result.kind = judged_kind(api_version, kind);
    if (result.kind) {
      result.error = object(root, cluster::info(*result.kind).namespaced, result.objects,
                            [&] { read(reader, *result.kind, root, options, result.objects); });
      for (cluster::Object& made : result.objects) {
        auto* const other = std::get_if<cluster::OtherObject>(&made);
        if (other && cluster::info(*result.kind).is_group()) other->type = kind;
      }
    } else if (is_workload(api_version, kind)) {
      result.kind = Kind::kPod;
      result.error = object(root, true, result.objects,
                            [&] { read_workload(reader, kind, root, options, result.objects); });
    }
    return result;
  }

  // `fallback`: the type of what names none, from the list that it is in.
  struct Type {
    std::string_view api_version, kind;
  };
  void unfold(Json root, Type fallback, int depth, const ManifestSink& sink) {
    Type type{text_at(root, "apiVersion"), text_at(root, "kind")};
    if (type.api_version.empty()) type.api_version = fallback.api_version;
    if (type.kind.empty()) type.kind = fallback.kind;
    simdjson::dom::object members;
    Json items;
    const bool is_list =
        type.kind.ends_with("List") && !root.get_object().get(members) && !members["items"].get(items);
    if (!is_list || depth == kDeepestList) return sink(manifest(root, type.api_version, type.kind));
    type.kind.remove_suffix(std::string_view("List").size());
    reader.fields(root, [&](std::string_view key, Json member) {
      if (key != "items") return;
      simdjson::dom::array array;
      if (member.is_null()) return;
      if (member.get_array().get(array)) return reader.wrong("array", member);
      std::size_t index = 0;
      for (const Json item : array) {
        reader.enter(index++);
        unfold(item, type, depth + 1, sink);
        reader.leave();
      }
    });
  }
};

ObjectParser::ObjectParser(ParseOptions options) : impl_(std::make_unique<Impl>(Impl{std::move(options)})) {}
ObjectParser::~ObjectParser() = default;
ObjectParser::ObjectParser(ObjectParser&&) noexcept = default;
ObjectParser& ObjectParser::operator=(ObjectParser&&) noexcept = default;

std::expected<void, ParseError> ObjectParser::parse(Kind kind, std::string_view json, Padding padding,
                                                    std::vector<cluster::Object>& out) {
  const auto root = impl_->document(json, padding);
  if (!root) return std::unexpected(root.error());
  auto error =
      impl_->object(*root, false, out, [&] { read(impl_->reader, kind, *root, impl_->options, out); });
  if (error) return std::unexpected(std::move(*error));
  return {};
}

std::expected<void, ParseError> ObjectParser::parse_item(Kind kind, std::string_view item,
                                                         kube::Encoding encoding,
                                                         std::vector<cluster::Object>& out) {
  if (encoding == kube::Encoding::kJson) return parse(kind, item, Padding::kReadable, out);
  if (kind != Kind::kPod) return std::unexpected(ParseError{{}, {}, "JSON", "Protobuf"});
  auto pod = impl_->protobuf_pods.parse(item);
  if (!pod) return std::unexpected(std::move(pod).error());
  out.emplace_back(std::move(*pod));
  return {};
}

std::expected<void, ParseError> ObjectParser::parse_manifest(std::string_view json, const ManifestSink& sink,
                                                             std::string_view api_version,
                                                             std::string_view kind) {
  const auto root = impl_->document(json, Padding::kNone);
  if (!root) return std::unexpected(root.error());
  impl_->unfold(*root, {api_version, kind}, 0, sink);
  if (auto error = impl_->reader.take_error()) return std::unexpected(std::move(*error));
  return {};
}

}  // namespace baseline::objects
