#include "objects/kind_listing.h"

#include <stop_token>
#include <utility>
#include <variant>

#include "base/json.h"

namespace baseline::objects {
namespace {

constexpr std::size_t kProgressStep = 500;

void set_key(const cluster::Object& object, std::string& key) {
  const cluster::Metadata& metadata =
      std::visit([](const auto& of) -> const cluster::Metadata& { return of.metadata; }, object);
  key.clear();
  if (!metadata.ns.empty()) (key += metadata.ns) += '/';
  key += metadata.name;
}

}  // namespace

void KindListing::hand_over(std::string_view json) {
  const auto object = base::parse_json(json, cluster::kPodDocument);
  if (object) return sink_.document(cluster::kPodDocument, *object);
  sink_.document_broken(cluster::kPodDocument,
                        {"objects.broke-off", {cluster::resource_name(kind_.kind), object.error().message}});
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
  if (!parsed) result_.broken.add(std::move(parsed).error());
  for (cluster::Object& object : made_) {
    auto* const other = std::get_if<cluster::OtherObject>(&object);
    if (other && cluster::info(kind_.kind).is_group()) other->type = kind_.name;
    sink_.add(std::move(object));
  }
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
