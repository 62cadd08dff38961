#include "objects/kind_listing.h"

#include <stop_token>
#include <utility>
#include <variant>

#include "base/json.h"
#include "objects/held_bytes.h"
#include "objects/limits.h"

namespace baseline::objects {
namespace {

constexpr std::size_t kProgressStep = 500;

void set_key(const cluster::Object& object, std::string& key) {
  const cluster::Metadata& metadata = metadata_of(object);
  key.clear();
  if (!metadata.ns.empty()) (key += metadata.ns) += '/';
  key += metadata.name;
}

}  // namespace

void KindListing::hand_over(std::string_view json) {
  const auto object = base::parse_json(json, cluster::kPodDocument, kLargestDocument);
  if (object) return sink_.document(cluster::kPodDocument, *object);
  const ObjectName named = split_name(name_in(json));
  sink_.refuse_document(cluster::kPodDocument, named.ns, named.name,
                        {"objects.refused-text", {"JSON", object.error().message}});
}

void KindListing::refuse(ParseError error) {
  const ObjectName object = split_name(error.object);
  if (object.name.empty()) return result_.broken.add(std::move(error));
  held_.refuse(object.ns, object.name, error.reason());
}

bool KindListing::take(std::string_view item, kube::Encoding encoding) {
  made_.clear();
  auto parsed = parser_.parse_item(kind_.kind, item, encoding, made_);
  if (!parsed) {
    key_ = parsed.error().object;
  } else if (!made_.empty()) {
    set_key(made_.front(), key_);
  }
  const bool before = order_.came_before(key_);
  if (order_.is_lost()) return false;
  if (before) return true;
  if (!parsed) refuse(std::move(parsed).error());
  for (cluster::Object& object : made_) {
    auto* const other = std::get_if<cluster::OtherObject>(&object);
    if (other && cluster::info(kind_.kind).is_group()) other->type = kind_.name;
  }
  held_.add(made_);
  if (whole_) hand_over(item);
  if (++result_.objects % kProgressStep == 0 && progress_) progress_(result_.objects);
  return true;
}

base::Result<kube::ListEnd> KindListing::list(const kube::Client& client, const kube::ResourceKind& kind,
                                              const kube::ListOptions& options,
                                              const kube::Client::EncodedItemSink& sink) const {
  if (kind_.kind == cluster::Kind::kPod && !whole_) return client.list_encoded(kind, options, sink);
  return client.list_raw(kind, options,
                         [&](std::string_view item) { return sink(item, kube::Encoding::kJson); });
}

KindListing::Result KindListing::run(const kube::Client& client, std::string_view version, int page_size,
                                     const std::stop_token& stop) {
  const kube::ResourceKind kind{kind_.group, version, kind_.plural, kind_.name, kind_.namespaced};
  kube::ListOptions options;
  options.page_size = page_size;
  options.begin_again = [this] { return order_.begin_again(); };
  const auto end = list(client, kind, options, [&](std::string_view item, kube::Encoding encoding) {
    result_.stopped = stop.stop_requested();
    return !result_.stopped && take(item, encoding);
  });
  result_.stopped |= stop.stop_requested();
  if (!end) {
    result_.error = end.error();
  } else if (order_.is_lost()) {
    result_.error = base::Error{base::ErrorCode::kUnavailable, "410 Expired", kind.collection_path("")};
  }
  if (progress_) progress_(result_.objects);
  return std::move(result_);
}

}  // namespace baseline::objects
