#include "controllers/scan_export.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace baseline::controllers {
namespace {

using base::ErrorCode;
using base::Value;

// One of our objects as it was listed.
struct Listed {
  std::string ns, name, uid, version;
  bool same = false;  // as it should be
};

bool is_ending(const base::Error& error) {
  return error.code == ErrorCode::kForbidden && error.message.find("being terminated") != std::string::npos;
}

// A missing right is missing everywhere; anything else that is forbidden may be so in one namespace alone.
bool is_missing_right(const base::Error& error) {
  return error.code == ErrorCode::kForbidden &&
         (error.message.find(" cannot ") != std::string::npos ||  // User "…" cannot create resource …
          error.message.find("the server said: ") == std::string::npos);
}

// One pass over the objects of a scan: a fault that only a person can mend ends it early.
class Export {
 public:
  Export(const kube::Client& client, const crds::BaselineScan& scan, crds::ExportFormat format,
         const PolicyReports* wanted)
      : client_(client), scan_(scan), kind_(export_kind(format)), wanted_(wanted), name_(export_name(scan)) {}

  base::Result<ExportOutcome> run() {
    const auto served = client_.is_served(kind_);
    if (!served) return std::unexpected(served.error());
    if (!*served) {
      if (wanted_) {
        outcome_.reason = "CrdMissing";
        outcome_.message = fmt::format(
            "this cluster has no {} in version {}: install that CustomResourceDefinition, or take "
            "spec.export "
            "out of the scan",
            kind_.resource_name(), kind_.version);
      }
      return std::move(outcome_);
    }
    for (const auto step : {&Export::look, &Export::write_all, &Export::remove_others}) {
      if (auto done = (this->*step)(); !done) {
        if (!lasting(done.error())) return std::unexpected(done.error());
        break;
      }
    }
    return std::move(outcome_);
  }

 private:
  bool lasting(const base::Error& error) {
    if (error.code == ErrorCode::kForbidden) {
      outcome_.reason = "Forbidden";
      outcome_.message = fmt::format("{}; the rights are in config/components/policy-reports", error.text());
      return true;
    }
    if (error.code != ErrorCode::kInvalid && error.code != ErrorCode::kLimit) return false;
    outcome_.reason = "Refused";
    outcome_.message = error.text();
    return true;
  }

  bool is_wanted(const std::string& ns, const std::string& name) const {
    return wanted_ && name == name_ && std::ranges::binary_search(wanted_->namespaces(), ns);
  }

  // Page by page: of what is there, only names stay in memory.
  base::Result<void> look() {
    const auto end = client_.list(
        kind_, {.label_selector = export_selector(scan_), .page_size = 50}, [&](std::vector<Value>&& items) {
          for (const Value& item : items) {
            if (!is_exported_by(item, scan_)) continue;
            const Value& metadata = item["metadata"];
            Listed one{metadata["namespace"].as_string(), metadata["name"].as_string(),
                       metadata["uid"].as_string(), metadata["resourceVersion"].as_string()};
            one.same = is_wanted(one.ns, one.name) && same_export(item, wanted_->object(one.ns));
            listed_.insert_or_assign({one.ns, one.name}, std::move(one));
          }
          return true;
        });
    if (!end) return std::unexpected(end.error());
    return {};
  }

  base::Result<void> write_all() {
    if (!wanted_) return {};
    for (const std::string& ns : wanted_->namespaces()) {
      const auto there = listed_.find({ns, name_});
      if (there != listed_.end() && there->second.same) {
        ++outcome_.unchanged;
      } else if (auto done = write(ns, there == listed_.end() ? nullptr : &there->second); !done) {
        return done;
      }
    }
    return {};
  }

  base::Result<void> write(const std::string& ns, const Listed* there) {
    Value object = wanted_->object(ns);
    if (there) object.find("metadata")->set("resourceVersion", there->version);
    const auto written = there ? client_.replace(kind_, object) : client_.create(kind_, ns, object);
    if (written) {
      ++outcome_.written;
      return {};
    }
    const base::Error& error = written.error();
    if (is_ending(error) || (!there && error.code == ErrorCode::kNotFound)) return {};
    if (!there && error.code == ErrorCode::kConflict) {
      outcome_.taken.push_back(ns);
      return {};
    }
    if (error.code == ErrorCode::kForbidden && !is_missing_right(error)) {
      outcome_.refused.push_back(ns);
      return {};
    }
    // It went away since it was listed: the next look finds it missing.
    if (error.code == ErrorCode::kNotFound)
      return base::fail(ErrorCode::kConflict, "it was removed while it was written", error.where);
    return std::unexpected(error);
  }

  base::Result<void> remove_others() {
    for (const auto& [key, one] : listed_) {
      if (is_wanted(one.ns, one.name)) continue;
      const auto removed = client_.remove(kind_, one.ns, one.name, {.uid = one.uid});
      if (removed) {
        ++outcome_.removed;
      } else if (removed.error().code != ErrorCode::kNotFound &&
                 removed.error().code != ErrorCode::kConflict) {  // conflict: it is another object by now
        return removed;
      }
    }
    return {};
  }

  const kube::Client& client_;
  const crds::BaselineScan& scan_;
  const kube::ResourceKind& kind_;
  const PolicyReports* wanted_;  // null: none
  const std::string name_;
  std::map<std::pair<std::string, std::string>, Listed> listed_;
  ExportOutcome outcome_;
};

}  // namespace

base::Result<ExportOutcome> write_exports(const kube::Client& client, const crds::BaselineScan& scan,
                                          crds::ExportFormat format, const PolicyReports& wanted) {
  return Export(client, scan, format, &wanted).run();
}

base::Result<ExportOutcome> remove_exports(const kube::Client& client, const crds::BaselineScan& scan,
                                           crds::ExportFormat format) {
  return Export(client, scan, format, nullptr).run();
}

}  // namespace baseline::controllers
