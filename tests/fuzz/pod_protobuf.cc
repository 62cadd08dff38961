// One pod in Protobuf as an API server sends it, and the page that it comes in.
#include <string>
#include <variant>
#include <vector>

#include "kube/protobuf_page.h"
#include "objects/parse.h"
#include "support.h"

namespace {

using namespace baseline;

void read_pod(std::string_view message) {
  objects::ObjectParser parser({.seccomp_annotations = message.size() % 2 == 0, .default_namespace = {}});
  std::vector<cluster::Object> made;
  const auto done = parser.parse_item(cluster::Kind::kPod, message, kube::Encoding::kProtobuf, made);
  fuzz::require(made.size() == (done ? 1U : 0U), "a pod, or an error");
  if (!done) return fuzz::require_sentence(done.error().error());
  const auto& pod = std::get<cluster::Pod>(made.front());
  fuzz::require(!pod.metadata.name.empty(), "a pod has a name");
  fuzz::require(
      pod.containers.size() <= objects::kMaxContainers && pod.volumes.size() <= objects::kMaxVolumes,
      "the bounds hold");
  std::vector<cluster::Object> again;
  fuzz::require(parser.parse_item(cluster::Kind::kPod, message, kube::Encoding::kProtobuf, again).has_value(),
                "a pod can be read twice by the same parser");
  fuzz::require(std::get<cluster::Pod>(again.front()) == pod, "what was read before does not matter");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body = fuzz::text_of(data, size);
  if (!kube::is_protobuf(body)) {
    read_pod(body);
    return 0;
  }
  std::size_t seen = 0;
  const auto page = kube::walk_protobuf_page(body, [&](std::string_view item) {
    ++seen;
    fuzz::require(item.data() >= body.data() && item.data() + item.size() <= body.data() + body.size(),
                  "an item is a piece of the page");
    read_pod(item);
    return true;
  });
  if (page) {
    fuzz::require(page->items == seen, "every item was handed on");
  } else {
    fuzz::require_sentence(page.error());
  }
  fuzz::require(kube::status_from_protobuf(body).empty() || !page, "a Status is no list");
  return 0;
}
