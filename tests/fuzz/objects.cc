// One object of the API in JSON, as any kind that requirements are judged by: a line with the kind's resource
// name, then the object.
#include <string>
#include <variant>
#include <vector>

#include "baseline/cluster/kinds.h"
#include "objects/parse.h"
#include "support.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace baseline;
  std::string_view text = fuzz::text_of(data, size);
  const std::string_view resource = fuzz::take_line(text);
  cluster::Kind kind = cluster::Kind::kPod;
  for (const cluster::KindInfo& info : cluster::kinds()) {
    if (cluster::resource_name(info.kind) == resource) kind = info.kind;
  }
  objects::ObjectParser parser({.seccomp_annotations = size % 2 == 0, .default_namespace = {}});

  std::vector<cluster::Object> made;
  const auto done = parser.parse(kind, text, objects::Padding::kNone, made);
  if (!done) {
    fuzz::require(made.empty(), "a broken object leaves nothing behind");
    fuzz::require_sentence(done.error().error());
  }
  std::size_t containers = 0;
  for (const cluster::Object& object : made) {
    fuzz::require(!std::visit([](const auto& of) { return of.metadata.name.empty(); }, object),
                  "an object has a name");
    if (const auto* pod = std::get_if<cluster::Pod>(&object)) containers += pod->containers.size();
    const auto* config = std::get_if<cluster::ConfigMap>(&object);
    fuzz::require(config == nullptr || config->secret_keys.size() + config->private_keys.size() <= 2 * size,
                  "keys are named one by one");
  }
  fuzz::require(containers <= objects::kMaxContainers, "the bound on containers holds");

  // The same text with room behind it, by the same parser.
  std::string padded(text);
  padded.reserve(text.size() + 64);
  std::vector<cluster::Object> again;
  const auto same = parser.parse(kind, padded, objects::Padding::kReadable, again);
  fuzz::require(same.has_value() == done.has_value() && again.size() == made.size(),
                "what stands behind a text does not matter");
  return 0;
}
