#include <algorithm>

#include <fmt/format.h>

#include "baseline/checks/file_select.h"
#include "baseline/text.h"

namespace baseline {
namespace {

std::string octal(std::uint32_t mode) {
  return mode > 0777 ? fmt::format("{:04o}", mode) : fmt::format("{:03o}", mode);
}

// Digits in a link's end that change with time or node ("..2024_05_06_07", "kubelet-client-2024-05-06.pem")
// would tear apart nodes that are set up alike.
std::string steady_target(const std::string& target) {
  std::string out;
  for (std::size_t at = 0; at < target.size();) {
    std::size_t end = at;
    while (end < target.size() && (std::isdigit(static_cast<unsigned char>(target[end])) ||
                                   target[end] == '-' || target[end] == '_')) {
      ++end;
    }
    const auto digits = std::count_if(target.begin() + static_cast<std::ptrdiff_t>(at),
                                      target.begin() + static_cast<std::ptrdiff_t>(end),
                                      [](unsigned char c) { return std::isdigit(c); });
    if (digits >= 8) {
      out += '*';
      at = end;
      // What follows the date of a projected volume is random.
      if (out.ends_with("..*")) at = std::min(target.find('/', at), target.size());
    } else {
      end = std::max(end, at + 1);
      out += target.substr(at, end - at);
      at = end;
    }
  }
  return out;
}

Phrase subject_of(const SelectedFile& selected) {
  if (!selected.file || selected.file->target().empty() || selected.file->target() == selected.path) {
    return phrase("subject.path", selected.path);
  }
  return phrase("subject.link", selected.path, steady_target(selected.file->target()));
}

std::string owner_text(const facts::File& file) {
  const auto name_or_number = [](const std::string& name, std::uint32_t number) {
    return name.empty() ? std::to_string(number) : name;
  };
  return name_or_number(file.owner(), file.uid()) + ":" + name_or_number(file.group(), file.gid());
}

// root is the number 0, whatever the host calls it; other names are the host's; numbers are numbers.
bool is_identity(std::string_view wanted, const std::string& name, std::uint32_t number) {
  if (wanted == "root") return number == 0;
  return (!name.empty() && wanted == name) || wanted == std::to_string(number);
}

bool has_owner(const facts::File& file, const base::Value& owners) {
  return std::ranges::any_of(owners.items(), [&](const base::Value& one) {
    const std::string_view pair = one.as_string();
    const std::size_t colon = pair.find(':');
    return colon != std::string_view::npos && is_identity(pair.substr(0, colon), file.owner(), file.uid()) &&
           is_identity(pair.substr(colon + 1), file.group(), file.gid());
  });
}

std::string owners_text(const base::Value& owners) {
  std::vector<std::string> texts;
  for (const base::Value& one : owners.items()) texts.push_back(one.as_string());
  return join(texts, ", ");
}

class FilesRun {
 public:
  FilesRun(const FilesCheck& check, const CheckContext& context)
      : check_(check), by_mode_(check.mode.has_value()) {
    if (check.owners) owners_ = &context.value(*check.owners);
    wanted_ = by_mode_ ? octal(*check.mode) : owners_text(*owners_);
    expected_ = by_mode_ ? phrase("expected.mode", wanted_) : phrase("expected.owner", wanted_);
  }

  CheckOutcome judge(const SelectedFile& selected) const {
    const Phrase subject = subject_of(selected);
    if (selected.unknown)
      return outcome(Status::kError, *selected.unknown, subject, expected_, *selected.unknown);
    if (selected.missing)
      return outcome(Status::kFail, *selected.missing, subject, expected_, *selected.missing);
    const facts::File& file = *selected.file;
    const bool pass = by_mode_ ? (file.mode() & 07777U & ~*check_.mode) == 0 : has_owner(file, *owners_);
    const std::string found = by_mode_ ? octal(file.mode() & 07777U) : owner_text(file);
    Phrase sentence = by_mode_ ? phrase("files.mode", selected.path, found, wanted_)
                               : phrase("files.owner", selected.path, found, wanted_);
    return outcome(pass ? Status::kPass : Status::kFail, std::move(sentence), subject, expected_,
                   by_mode_ ? phrase("actual.mode", found) : phrase("actual.owner", found));
  }

  // One sentence over several files; a single file has its own.
  Phrase summary(const CheckOutcome& all, std::size_t total) const {
    const auto failed = std::ranges::count(all.findings, Status::kFail, &NodeFinding::status);
    if (total < 2 || all.status == Status::kError) return all.message;
    const std::string count = std::to_string(total);
    if (all.status == Status::kPass) {
      return by_mode_ ? phrase("files.mode-pass", count, wanted_)
                      : phrase("files.owner-pass", count, wanted_);
    }
    const std::string bad = std::to_string(failed);
    return by_mode_ ? phrase("files.mode-fail", bad, count, wanted_)
                    : phrase("files.owner-fail", bad, count, wanted_);
  }

  CheckOutcome none(const std::vector<std::string>& looked_for) const {
    const bool one_setting = looked_for.size() == 1 && looked_for.front().find(" --") != std::string::npos;
    const Phrase reason = one_setting ? phrase("files.setting-unset", looked_for.front())
                                      : phrase("files.none", join(looked_for, ", "));
    if (check_.absent == FilesCheck::Absent::kNotApplicable) return not_applicable(reason);
    const Status status = check_.absent == FilesCheck::Absent::kFail ? Status::kFail : Status::kError;
    return outcome(status, reason, phrase("subject.files"), expected_, reason);
  }

 private:
  const FilesCheck& check_;
  const bool by_mode_;
  const base::Value* owners_ = nullptr;
  std::string wanted_;
  Phrase expected_;
};

}  // namespace

CheckOutcome run_files(const FilesCheck& check, const CheckContext& context) {
  if (!check.component.empty() && !context.node.processes(check.component)) {
    // Without control groups the usual places are looked at all the same.
    const bool look = context.node.lacks_control_groups() && context.node.unplaced(check.component);
    if (!look) return absent(check.component, context);
  }
  const FilesRun run(check, context);
  const Selection selection = select_files(check, context);
  if (!selection.yields()) return run.none(selection.looked_for);
  std::vector<CheckOutcome> outcomes;
  for (const SelectedFile& selected : selection.files) outcomes.push_back(run.judge(selected));
  const std::size_t total = outcomes.size();
  CheckOutcome all = all_of(std::move(outcomes));
  all.message = run.summary(all, total);
  return all;
}

}  // namespace baseline
