#include "objects/object_sink.h"

#include <utility>

namespace baseline::objects {

void EvaluatorSink::add(cluster::Object object) {
  evaluator_.add(std::move(object));
}
void EvaluatorSink::read(cluster::Kind kind) {
  evaluator_.read(kind);
}
void EvaluatorSink::not_served(cluster::Kind kind) {
  evaluator_.not_served(kind);
}
void EvaluatorSink::unreadable(cluster::Kind kind, Phrase reason) {
  evaluator_.unreadable(kind, std::move(reason));
}

}  // namespace baseline::objects
