#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kube/client.h"
#include "objects/broken_items.h"
#include "objects/object_sink.h"
#include "objects/parse.h"

namespace baseline::objects {

// All objects of one kind from an API server, page by page, each once.
//
// A list that expires (410) goes on by the token that the server offers with it. Where it offers none, the
// list begins again and what came before is passed over: servers list by namespace and name in the order of
// bytes, so the last key that came tells old from new, without remembering the others. Where the items do not
// come in that order, a list that expires is given up: better no answer than one that counts twice or leaves
// out.
class KindListing {
 public:
  struct Result {
    std::size_t objects = 0;
    std::optional<base::Error> error;  // the list broke off
    BrokenItems broken;
    bool stopped = false;
  };
  using Progress = std::function<void(std::size_t so_far)>;

  KindListing(const cluster::KindInfo& kind, ObjectParser& parser, ObjectSink& sink, const Progress& progress)
      : kind_(kind), parser_(parser), sink_(sink), progress_(progress) {}

  Result run(const kube::Client& client, std::string_view version, int page_size,
             const std::stop_token& stop);

 private:
  bool take(std::string_view json);
  bool begin_again();
  // Whether the object with the key came before; notes the key if not.
  bool came_before(std::string_view key);

  const cluster::KindInfo& kind_;
  ObjectParser& parser_;
  ObjectSink& sink_;
  const Progress& progress_;
  Result result_;
  std::vector<cluster::Object> made_;  // of one item
  std::string key_;                    // of the item at hand
  std::string last_;                   // the greatest that came
  std::string previous_;               // of the item before, since the list began
  bool ordered_ = true;
  int restarts_ = 0;
};

}  // namespace baseline::objects
