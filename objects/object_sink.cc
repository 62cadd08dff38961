#include "objects/object_sink.h"

#include <algorithm>
#include <utility>

namespace baseline::objects {

void EvaluatorSink::add(cluster::Object object) {
  evaluator_.add(std::move(object));
}
void EvaluatorSink::take_back(cluster::Kind kind,
                              const std::function<bool(const cluster::Metadata&)>& which) {
  evaluator_.take_back(kind, which);
}
void EvaluatorSink::refuse(cluster::RefusedObject object) {
  evaluator_.refuse(std::move(object));
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
bool EvaluatorSink::wants_documents() const {
  return !evaluator_.document_kinds().empty();
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
void EvaluatorSink::refuse_document(std::string_view id, const std::string& ns, const std::string& name,
                                    const Phrase& reason) {
  evaluator_.refuse_document(id, ns, name, reason);
}
void EvaluatorSink::document_broken(std::string_view id, const Phrase& reason) {
  evaluator_.documents_unreadable(id, reason);
}

}  // namespace baseline::objects
