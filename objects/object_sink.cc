#include "objects/object_sink.h"

#include <algorithm>
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
bool EvaluatorSink::wants_document(std::string_view id) const {
  return std::ranges::any_of(evaluator_.document_kinds(), [&](const auto& kind) { return kind.id() == id; });
}
void EvaluatorSink::document(std::string_view id, const base::Value& object) {
  evaluator_.add_document(id, object);
}
void EvaluatorSink::documents_read(std::string_view id) {
  evaluator_.documents_read(id);
}
void EvaluatorSink::document_broken(std::string_view id, const Phrase& reason) {
  evaluator_.documents_unreadable(id, reason);
}

}  // namespace baseline::objects
