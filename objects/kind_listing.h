#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "baseline/cluster/document_kind.h"
#include "kube/client.h"
#include "objects/broken_items.h"
#include "objects/held_objects.h"
#include "objects/list_order.h"
#include "objects/object_sink.h"
#include "objects/parse.h"

namespace baseline::objects {

// All objects of one kind from an API server, page by page, each once.
//
// A list that expires (410) goes on by the token that the server offers with it. Where it offers none, the
// list begins again and what came before is passed over (list_order.h). Where that cannot be told, it is
// given up: better no answer than one that counts twice or leaves out.
//
// Pods, of which there are many, come in Protobuf. Where the sink wants their documents too they come in JSON
// and are handed over whole: one pass serves both.
class KindListing {
 public:
  struct Result {
    std::size_t objects = 0;
    std::optional<base::Error> error;  // the list broke off
    BrokenItems broken;                // without a name; what has one is refused by it
    bool stopped = false;
  };
  using Progress = std::function<void(std::size_t so_far)>;

  KindListing(const cluster::KindInfo& kind, ObjectParser& parser, ObjectSink& sink, HeldObjects& held,
              const Progress& progress)
      : kind_(kind),
        parser_(parser),
        sink_(sink),
        held_(held),
        progress_(progress),
        whole_(kind.kind == cluster::Kind::kPod && sink.wants_document(cluster::kPodDocument)) {}

  Result run(const kube::Client& client, std::string_view version, int page_size,
             const std::stop_token& stop);

 private:
  bool take(std::string_view item, kube::Encoding encoding);
  base::Result<kube::ListEnd> list(const kube::Client& client, const kube::ResourceKind& kind,
                                   const kube::ListOptions& options,
                                   const kube::Client::EncodedItemSink& sink) const;
  void hand_over(std::string_view json);
  void refuse(ParseError error);

  const cluster::KindInfo& kind_;
  ObjectParser& parser_;
  ObjectSink& sink_;  // of documents
  HeldObjects& held_;
  const Progress& progress_;
  Result result_;
  std::vector<cluster::Object> made_;  // of one item
  std::string key_;                    // of the item at hand
  ListOrder order_;
  const bool whole_;
};

}  // namespace baseline::objects
