#include "node-runner/fit.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "baseline/facts/bounds.h"
#include "node-runner/context.h"
#include "node-runner/text.h"

namespace baseline::runner {
namespace {

using facts::NodeFacts;
template <typename Row>
using Rows = google::protobuf::RepeatedPtrField<Row>;

constexpr std::string_view kReason = "more was found than a node's facts hold";
constexpr std::size_t kLongestSubject = 4096;

// What a row becomes that has no room: what it is about stays, and a reader takes the rest for unknown.
void empty(facts::Process& process) {
  process.clear_argv();
  process.set_argv_truncated(true);
  process.clear_env();
  process.clear_listening();
  process.set_listening_known(false);
}
void empty(facts::Directory& directory) {
  directory.clear_entries();
  directory.set_complete(false);
  directory.set_error(std::string(kReason));
}
void empty(facts::ConfigFile& config) {
  config.clear_api_version();
  config.clear_kind();
  config.clear_settings();
  config.set_error(std::string(kReason));
}
void empty(facts::Certificate& certificate) {
  certificate.clear_subject();
  certificate.clear_issuer();
  certificate.set_error(std::string(kReason));
}
void empty(facts::ContainerRuntime& runtime) {
  runtime.clear_registries();
  runtime.set_config_error(std::string(kReason));
}
void empty(facts::Container& container) {
  container.clear_listening();
  container.set_listening_known(false);
  container.set_process_read(false);
  container.clear_lsm_label();
  container.set_error(std::string(kReason));
}
void empty(facts::Image& image) {
  facts::Image kept;
  kept.set_id(image.id());
  kept.set_error(std::string(kReason));
  kept.mutable_root()->set_error(std::string(kReason));
  image = std::move(kept);
}
void empty(facts::CollectionError& error) {
  error.set_reason(std::string(kReason));
  if (error.subject().size() > kLongestSubject)
    error.set_subject(error.table() == "processes" ? "/proc" : "limits");
}
// The rest have nothing to lose but themselves.
template <typename Row>
void empty(Row& /*row*/) {}

// Each round gives every table a smaller share of the whole, should the whole be too large.
class Fitter {
 public:
  Fitter(NodeFacts& facts, std::size_t divisor) : facts_(facts), divisor_(divisor) {
    for (const facts::CollectionError& error : facts.errors()) told_.emplace(error.table(), error.subject());
  }

  void run() {
    fit_rows(*facts_.mutable_processes(), NodeFacts::kProcessesFieldNumber, "processes", "/proc");
    fit_rows(*facts_.mutable_files(), NodeFacts::kFilesFieldNumber, "files", "limits");
    fit_rows(*facts_.mutable_directories(), NodeFacts::kDirectoriesFieldNumber, "files", "limits");
    fit_rows(*facts_.mutable_configs(), NodeFacts::kConfigsFieldNumber, "configs", "limits");
    fit_rows(*facts_.mutable_certificates(), NodeFacts::kCertificatesFieldNumber, "certificates", "limits");
    fit_rows(*facts_.mutable_units(), NodeFacts::kUnitsFieldNumber, "units", "limits");
    fit_rows(*facts_.mutable_runtimes(), NodeFacts::kRuntimesFieldNumber, "runtime", "limits");
    if (fit_rows(*facts_.mutable_containers(), NodeFacts::kContainersFieldNumber, "containers", "limits"))
      facts_.set_containers_known(false);
    fit_rows(*facts_.mutable_images(), NodeFacts::kImagesFieldNumber, "images", "limits");
    fit_rows(*facts_.mutable_lookalikes(), NodeFacts::kLookalikesFieldNumber, "", "");
    if (facts_.has_host() && !fits(facts_.host(), NodeFacts::kHostFieldNumber)) {
      facts_.clear_host();
      tell("host", "limits");
    }
    if (facts_.has_cni() && !fits(facts_.cni(), NodeFacts::kCniFieldNumber)) {
      facts_.clear_cni();
      tell("cni", "limits");
    }
    if (facts_.has_lsm() && !fits(facts_.lsm(), NodeFacts::kLsmFieldNumber)) {
      facts_.clear_lsm();
      tell("lsm", "limits");
    }
    fit_errors();
  }

 private:
  std::size_t share(int table) const { return facts::table_bound(table).bytes / divisor_; }

  template <typename Row>
  bool fits(const Row& row, int table) const {
    const auto bytes = facts::row_bytes(table, row.SerializeAsString());
    return bytes && *bytes <= share(table);
  }

  void tell(std::string_view table, std::string_view subject) {
    if (!told_.emplace(table, subject).second) return;
    facts::CollectionError& error = *facts_.add_errors();
    error.set_table(std::string(table));
    error.set_subject(std::string(subject));
    error.set_reason(std::string(kReason));
  }

  // A drop-in that is left out must not be taken for one that is not there.
  void tell_dropped(const facts::ConfigFile& config) { tell("configs", parent_path(config.path())); }
  template <typename Row>
  void tell_dropped(const Row& /*row*/) {}

  // Whether something was lost. No table: nothing is to be told of it.
  template <typename Row>
  bool fit_rows(Rows<Row>& rows, int number, std::string_view table, std::string_view subject) {
    const std::size_t most = facts::table_bound(number).count;
    std::size_t left = share(number);
    bool lost = false;
    int kept = 0;
    for (int i = 0; i < rows.size(); ++i) {
      Row& row = *rows.Mutable(i);
      auto bytes = facts::row_bytes(number, row.SerializeAsString());
      if (!bytes || *bytes > left) {
        lost = true;
        empty(row);
        bytes = facts::row_bytes(number, row.SerializeAsString());
      }
      if (!bytes || *bytes > left || static_cast<std::size_t>(kept) == most) {
        lost = true;
        tell_dropped(row);
        continue;
      }
      left -= *bytes;
      rows.SwapElements(kept++, i);
    }
    rows.DeleteSubrange(kept, rows.size() - kept);
    if (lost && !table.empty()) tell(table, subject);
    return lost;
  }

  // Those about a whole table stay longest; those whose rows say the same go first.
  static int rank(const facts::CollectionError& error) {
    if (error.subject().empty() || error.subject() == "limits" || error.subject() == "/proc") return 0;
    const std::string& table = error.table();
    const bool told_by_rows =
        table == "files" || table == "images" || table == "containers" || table == "certificates";
    return told_by_rows ? 2 : 1;
  }

  void fit_errors() {
    constexpr int kNumber = NodeFacts::kErrorsFieldNumber;
    auto& errors = *facts_.mutable_errors();
    std::stable_sort(errors.pointer_begin(), errors.pointer_end(),
                     [](const auto* a, const auto* b) { return rank(*a) < rank(*b); });
    fit_rows(errors, kNumber, "", "");
  }

  NodeFacts& facts_;
  std::size_t divisor_;
  std::set<std::pair<std::string, std::string>> told_;  // tables and subjects of the errors
};

}  // namespace

void fit(NodeFacts& facts) {
  for (const std::size_t divisor : {1U, 2U, 4U, 8U}) {
    if (facts::check_bounds(facts.SerializeAsString())) return;
    Fitter(facts, divisor).run();
    sort_tables(facts);
  }
}

}  // namespace baseline::runner
