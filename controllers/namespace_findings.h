#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "baseline/cluster/found_object.h"
#include "baseline/report.h"

// What a scan finds, by namespace. Pure.
namespace baseline::controllers {

struct ExportBounds {
  std::size_t results = 500;            // listed in one object
  std::size_t bytes = 900U << 10;       // of the results of one object, about
  std::size_t results_in_all = 20'000;  // kept for all namespaces together
  std::size_t namespaces = 20'000;      // beyond them, namespaces are counted and get no object
};

// Gathers findings by namespace in bounded memory: of each namespace the worst and the true numbers. Where
// there are more in all than the bound, each namespace keeps fewer of them. Not thread-safe.
class NamespaceFindings {
 public:
  using Covers = std::function<bool(const std::string& ns)>;

  // `covers`: whether the scan looks at a namespace.
  NamespaceFindings(Covers covers, Language language, ExportBounds bounds = {});

  // What a report lists about objects: in progress, what the nodes found; finished, all that is left when
  // nothing else is known any more. Before the first found().
  void add(const Report& report);
  // For ClusterContext::on_finding. What the report of add() had counts once.
  void found(const cluster::FoundObject& found);

  // A report listed fewer than it counted: there may be more in a namespace than is known here.
  bool incomplete() const { return incomplete_; }
  std::size_t namespaces_left_out() const { return namespaces_left_out_.size(); }

  // Of what is exported: Fail, Error, Manual, Waived.
  static constexpr std::size_t kOutcomes = 4;
  // Its place among them, the worst first; kOutcomes for any other.
  static std::size_t outcome_of(Status status);
  struct Row {
    std::size_t outcome = 0;  // 0 is the worst
    std::string requirement, object, container, subject, expected, actual, waived_by;
    auto operator<=>(const Row&) const = default;
  };
  struct Namespace {
    std::map<Row, int> rows;                                           // with pods, worst first
    std::map<std::string, std::array<std::size_t, kOutcomes>> counts;  // by requirement, true numbers
  };
  const std::map<std::string, Namespace>& namespaces() const { return namespaces_; }

 private:
  void count(const std::string& ns, Row row, int pods, bool is_new);
  void keep(Namespace& of, Row&& row, int pods);
  void shrink();
  void trim(Namespace& of);

  Covers covers_;
  Language language_;
  ExportBounds bounds_;
  std::size_t limit_;     // of rows in one namespace
  std::size_t kept_ = 0;  // rows in all
  bool incomplete_ = false;
  std::map<std::string, Namespace> namespaces_;
  std::set<std::string, std::less<>> settled_;   // requirements that the nodes have settled
  std::set<std::uint64_t> namespaces_left_out_;  // hashes of their names
  std::map<std::string, std::set<std::uint64_t>, std::less<>> seen_;  // by requirement, of the report
};

// "namespace/kind/name" or "kind/name", as findings name an object. A kind begins with a capital and a
// namespace never does; an image's name has slashes of its own.
struct ObjectName {
  std::string ns, kind, name;
};
ObjectName parse_object(std::string_view object);

}  // namespace baseline::controllers
