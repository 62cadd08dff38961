#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "baseline/cluster/objects.h"
#include "baseline/cluster/refused_object.h"
#include "objects/object_sink.h"

namespace baseline::objects {

// What is left for the objects of all kinds that are held (limits.h). One for each reading of a cluster.
class HeldTotal {
 public:
  // What the next kind may take.
  std::size_t of_next() const;
  void take(std::size_t bytes) { taken_ += bytes; }

 private:
  std::size_t taken_ = 0;
};

// Gives the objects of one kind to a sink that holds them, in bounded memory. A namespace has its share;
// where all namespaces together want more than there is, the shares become smaller until they fit and what is
// beyond is taken back: the largest give way first, and the smallest lose nothing. What does not fit or
// cannot be read is refused: a few of each namespace by name, of the others how many. Pods are not held: no
// share counts for them.
class HeldObjects {
 public:
  // `most`: bytes. The sink must outlive it.
  HeldObjects(cluster::Kind kind, std::size_t most, ObjectSink& sink);

  // What one object of the API made; empties it.
  void add(std::vector<cluster::Object>& made);
  void refuse(const std::string& ns, const std::string& name, const Phrase& reason);

  // Tells the sink what was refused. Returns how many bytes it holds of the kind. Once, at the end.
  std::size_t finish();

 private:
  struct Share {
    std::size_t bytes = 0;
    std::size_t refused = 0;
    std::vector<cluster::RefusedObject> named;
  };
  Share& share(const std::string& ns);
  void shrink();

  const cluster::Kind kind_;
  const std::size_t most_;
  ObjectSink& sink_;
  std::size_t limit_;  // of one share
  std::size_t bytes_ = 0;
  std::vector<std::uint32_t> sizes_;  // of the objects that the sink holds, in the order in which they came
  std::map<std::string, Share> shares_;  // by namespace
};

}  // namespace baseline::objects
