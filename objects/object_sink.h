#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/value.h"
#include "baseline/cluster/evaluator.h"
#include "baseline/cluster/kinds.h"
#include "baseline/cluster/objects.h"
#include "baseline/cluster/refused_object.h"
#include "baseline/phrase.h"

namespace baseline::objects {

// Where the sources put what they read: kinds in the order of cluster::kinds(), pods last. For each kind that
// was asked for, exactly one of read, not_served and unreadable is called once all its objects came. Used
// from one thread.
class ObjectSink {
 public:
  virtual ~ObjectSink() = default;
  virtual void add(cluster::Object object) = 0;
  // Takes back those objects of a kind for which this is true; asked once of each that is held
  // (held_bytes.h), in the order in which they came.
  virtual void take_back(cluster::Kind kind, const std::function<bool(const cluster::Metadata&)>& which) = 0;
  // One that is there and not added. The kind may be read all the same.
  virtual void refuse(cluster::RefusedObject object) = 0;
  virtual void read(cluster::Kind kind) = 0;
  virtual void not_served(cluster::Kind kind) = 0;
  // What came of the kind is not all of it.
  virtual void unreadable(cluster::Kind kind, Phrase reason) = 0;

  // Whole objects, for requirements that look into them by path: of files all, of an API server pods, which
  // come one by one anyway. Whether any kind, and the kind with this id (cluster::document_id) is looked at;
  // only then it is handed over. Read: all of them came. Broken: one of them could not be understood, or they
  // are not all.
  virtual bool wants_documents() const { return false; }
  virtual bool wants_document(std::string_view /*id*/) const { return false; }
  virtual void document(std::string_view /*id*/, const base::Value& /*object*/) {}
  virtual void documents_read(std::string_view /*id*/) {}
  // One that is there and cannot be looked into; its kind may be read all the same.
  virtual void refuse_document(std::string_view /*id*/, const std::string& /*ns*/,
                               const std::string& /*name*/, const Phrase& /*reason*/) {}
  virtual void document_broken(std::string_view /*id*/, const Phrase& /*reason*/) {}
};

// Hands everything on to an evaluator, which must outlive it.
class EvaluatorSink final : public ObjectSink {
 public:
  explicit EvaluatorSink(cluster::ClusterEvaluator& evaluator) : evaluator_(evaluator) {}

  void add(cluster::Object object) override;
  void take_back(cluster::Kind kind, const std::function<bool(const cluster::Metadata&)>& which) override;
  void refuse(cluster::RefusedObject object) override;
  void read(cluster::Kind kind) override;
  void not_served(cluster::Kind kind) override;
  void unreadable(cluster::Kind kind, Phrase reason) override;
  bool wants_documents() const override;
  bool wants_document(std::string_view id) const override;
  void document(std::string_view id, const base::Value& object) override;
  void documents_read(std::string_view id) override;
  void refuse_document(std::string_view id, const std::string& ns, const std::string& name,
                       const Phrase& reason) override;
  void document_broken(std::string_view id, const Phrase& reason) override;

 private:
  cluster::ClusterEvaluator& evaluator_;
};

}  // namespace baseline::objects
