#include "baseline/checks/file_select.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace baseline {
namespace {

using Kind = FileSelector::Kind;

constexpr int kHost = 0;
constexpr std::string_view kBundle = "unknown.bundle";  // the reason for which other places may do

class Selector {
 public:
  Selector(const CheckContext& context, bool directories) : context_(context), directories_(directories) {}

  Selection run(const FileSelector& selector) {
    Selection out;
    switch (selector.kind) {
      case Kind::kManifest:
        manifest(selector.name, out);
        break;
      case Kind::kSetting:
        named_by(selector.setting, out);
        break;
      case Kind::kWellKnown:
        well_known(selector.name, out);
        break;
      case Kind::kTree:
        for (const std::string& folder : selector.folders) tree(folder, kHost, selector.names, out);
        for (const SettingName& setting : selector.settings) folder_of(setting, selector.names, out);
        break;
      case Kind::kUnit:
        unit(selector.name, out);
        break;
      case Kind::kUnitOf:
        unit_of(selector.name, out);
        break;
      case Kind::kConfigOf:
        config_of(selector.name, out);
        break;
      case Kind::kCni:
        cni(selector, out);
        break;
      case Kind::kFirst:
        first(selector.first, out);
        break;
    }
    return out;
  }

 private:
  const NodeView& node() const { return context_.node; }

  void add_unknown(const std::string& path, Phrase reason, Selection& out, bool hidden = false) {
    out.files.push_back({path, nullptr, std::nullopt, std::move(reason), hidden});
  }

  // A path that something names: it must be there.
  void add_named(const std::string& path, int viewer, Selection& out) {
    const facts::File* file = node().file(path, viewer);
    if (!file || file->presence() == facts::PRESENCE_UNSPECIFIED) {
      add_unknown(path, phrase("unknown.file-not-looked", path), out);
    } else if (file->presence() == facts::ABSENT) {
      out.files.push_back({path, nullptr, phrase("actual.file-missing", path), std::nullopt, false});
    } else if (file->presence() == facts::UNREADABLE) {
      add_unknown(path, phrase("unknown.file", path, file->error()), out);
    } else {
      out.files.push_back({path, file, std::nullopt, std::nullopt, false});
    }
  }

  void well_known(const std::string& path, Selection& out) {
    if (node().known_absent(path, kHost)) {
      out.looked_for.push_back(path);
    } else {
      add_named(path, kHost, out);
    }
  }

  // The component's processes. Where it is not known whether it has any, that is told, and settled by other
  // places only in a copy of a node that cannot tell.
  const std::vector<ProcessView>* processes_of(const std::string& component, Selection& out) {
    const auto* processes = node().processes(component);
    const Phrase* unplaced = processes ? nullptr : node().unplaced(component);
    if (unplaced) add_unknown(component, *unplaced, out, node().lacks_control_groups());
    return processes;
  }

  void manifest(const std::string& component, Selection& out) {
    const auto* processes = processes_of(component, out);
    if (!processes && out.files.empty()) return;
    if (processes) {
      for (const ProcessView& process : *processes) {
        if (!process.fact->manifest().empty()) add_named(process.fact->manifest(), kHost, out);
      }
    }
    // The kubelet runs every manifest in its folder, whatever the file is called.
    for (const facts::ConfigFile& config : node().facts().configs()) {
      if (config.role() == "manifest" && config.component() == component)
        add_named(config.path(), config.viewer(), out);
    }
    // One that could not be matched to its process is still the place that kubeadm uses.
    const bool decided =
        std::ranges::any_of(out.files, [](const SelectedFile& file) { return !file.hidden; });
    if (!decided) well_known("/etc/kubernetes/manifests/" + component + ".yaml", out);
  }

  void named_by(const SettingName& name, Selection& out) {
    const auto* processes = processes_of(name.component, out);
    if (!processes) return;
    for (const ProcessView& process : *processes) {
      const EffectiveValue value = setting_of(process, name.name);
      const std::string label = fmt::format("{} --{}", name.component, name.name);
      if (value.unknown) {
        add_unknown(label, *value.unknown, out, value.unknown->key == kBundle);
      } else if (value.text.empty()) {
        out.looked_for.push_back(label);
      } else if (value.items.empty()) {
        add_named(value.text, process.viewer, out);
      } else {
        for (const std::string& path : value.items) add_named(path, process.viewer, out);
      }
    }
  }

  // A link that leads nowhere is no file, and one to a folder is judged only as a folder.
  bool is_there(const std::string& path, int viewer) const {
    const facts::File* file = node().file(path, viewer);
    return !file || (file->presence() != facts::ABSENT && (directories_ || file->type() != "directory"));
  }

  void tree(const std::string& folder, int viewer, const std::vector<std::string>& names, Selection& out) {
    if (node().known_absent(folder, viewer)) {
      out.looked_for.push_back(folder);
      return;
    }
    const facts::Directory* listing = node().directory(folder, viewer);
    if (!listing || listing->presence() != facts::PRESENT) {
      if (listing && listing->presence() == facts::ABSENT) {
        out.looked_for.push_back(folder);
      } else {
        add_unknown(folder, phrase("unknown.listing", folder, listing ? listing->error() : std::string()),
                    out);
      }
      return;
    }
    for (const std::string& path : listing->entries()) {
      const std::string_view name = std::string_view(path).substr(path.rfind('/') + 1);
      const bool wanted =
          std::ranges::any_of(names, [&](const std::string& one) { return matches_name(name, one); });
      if (wanted && is_there(path, viewer)) add_named(path, viewer, out);
    }
    if (directories_) add_folders(folder, viewer, *listing, out);
    if (!listing->complete()) add_unknown(folder, phrase("unknown.listing", folder, listing->error()), out);
    if (!out.yields()) out.looked_for.push_back(folder);
  }

  // The folder and those between it and what is listed. Each was looked at, as the files were; of those that
  // were not, one tells for all.
  void add_folders(const std::string& folder, int viewer, const facts::Directory& listing, Selection& out) {
    constexpr int kMostLevels = 64;  // a listing ends before
    add_named(folder, viewer, out);
    std::set<std::string_view> folders;
    std::string_view unlooked;
    for (const std::string_view path : listing.entries()) {
      std::string_view above = path;
      for (int level = 0;; ++level) {
        const std::size_t slash = above.rfind('/');
        if (slash == std::string_view::npos || slash <= folder.size()) break;
        above = above.substr(0, slash);
        if (level == kMostLevels || !node().file(above, viewer)) {
          if (unlooked.empty() || above < unlooked) unlooked = above;
          break;
        }
        if (!folders.insert(above).second) break;  // and all above it
      }
    }
    for (const std::string_view one : folders) add_named(std::string(one), viewer, out);
    if (!unlooked.empty())
      add_unknown(std::string(unlooked), phrase("unknown.file-not-looked", unlooked), out);
  }

  // The files that a setting names, and what lies beside them where their folder was listed.
  void folder_of(const SettingName& name, const std::vector<std::string>& names, Selection& out) {
    Selection named;
    named_by(name, named);
    for (SelectedFile& one : named.files) {
      const std::string_view file_name = std::string_view(one.path).substr(one.path.rfind('/') + 1);
      const bool wanted =
          std::ranges::any_of(names, [&](const std::string& p) { return matches_name(file_name, p); });
      if (wanted || !one.path.starts_with('/')) out.files.push_back(std::move(one));
    }
    const auto* processes = node().processes(name.component);
    if (!processes) return;
    std::set<std::pair<std::string, int>> folders;  // once each, however many processes name it
    for (const ProcessView& process : *processes) {
      const EffectiveValue value = setting_of(process, name.name);
      const std::string folder = value.text.substr(0, value.text.rfind('/'));
      if (!folder.empty() && node().directory(folder, process.viewer))
        folders.emplace(folder, process.viewer);
    }
    for (const auto& [folder, viewer] : folders) tree(folder, viewer, names, out);
  }

  void unit(const std::string& name, Selection& out) {
    bool found = false;
    for (const facts::SystemdUnit& one : node().facts().units()) {
      if (one.name() != name) continue;
      found = true;
      if (!one.fragment_path().empty()) add_named(one.fragment_path(), kHost, out);
      for (const std::string& drop_in : one.drop_in_paths()) add_named(drop_in, kHost, out);
    }
    if (const facts::CollectionError* error = node().error("units")) {
      add_unknown(name, phrase("unknown.units", name, error->reason()), out);
    } else if (!found) {
      out.looked_for.push_back(name);
    }
  }

  // The units that the component's processes run in, whatever they are called.
  void unit_of(const std::string& component, Selection& out) {
    std::set<std::string> units;
    if (const auto* processes = processes_of(component, out)) {
      for (const ProcessView& process : *processes) {
        if (!process.fact->unit().empty()) units.insert(process.fact->unit());
      }
    }
    for (const std::string& name : units) unit(name, out);
  }

  void config_of(const std::string& component, Selection& out) {
    const auto* processes = processes_of(component, out);
    if (!processes) return;
    for (const ProcessView& process : *processes) {
      if (process.flags_unknown) {
        add_unknown(component, *process.flags_unknown, out);
      } else if (!process.config_path.empty()) {
        add_named(process.config_path, process.viewer, out);
      } else if (process.defaults_unknown) {
        add_unknown(component, *process.defaults_unknown, out, true);
      } else {
        out.looked_for.push_back(fmt::format("{} --{}", component, process.component->config_flag));
      }
      for (const facts::ConfigFile* config : process.configs) {
        if (config->role() == "config-dir") add_named(config->path(), process.viewer, out);
      }
      // A file that is there but cannot be parsed still has a mode; a listing that failed has no files.
      if (process.config_unknown && process.config_unknown->args.front() != process.config_path) {
        add_unknown(component, *process.config_unknown, out);
      }
    }
  }

  // The folder that the runtime itself names; where it names none, the profile's, then the usual one.
  void cni(const FileSelector& selector, Selection& out) {
    const facts::Cni& cni = node().facts().cni();
    if (const facts::CollectionError* error = node().error("cni")) {
      add_unknown("CNI", phrase("unknown.cni", error->reason()), out);
      return;
    }
    std::string folder = cni.conf_dir();
    const bool named = !folder.empty() && cni.conf_dir_origin() != "default";
    if (!named && selector.folder) {
      const std::string& wanted = context_.value(*selector.folder).as_string();
      if (!wanted.empty()) folder = wanted;
    }
    if (folder.empty()) {
      add_unknown("CNI", phrase("unknown.cni-folder"), out);
    } else {
      tree(folder, kHost, {"*"}, out);
    }
  }

  void first(const std::vector<FileSelector>& selectors, Selection& out) {
    for (const FileSelector& selector : selectors) {
      Selection one = run(selector);
      const bool decides =
          std::ranges::any_of(one.files, [](const SelectedFile& file) { return !file.hidden; });
      if (decides) {
        out.files = std::move(one.files);
        return;
      }
      std::ranges::move(one.files, std::back_inserter(out.files));
      std::ranges::move(one.looked_for, std::back_inserter(out.looked_for));
    }
  }

  const CheckContext& context_;
  const bool directories_;
};

}  // namespace

bool matches_name(std::string_view name, std::string_view pattern) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return name == pattern;
  if (!name.starts_with(pattern.substr(0, star))) return false;
  const std::string_view rest = pattern.substr(star + 1);
  for (std::size_t at = star; at <= name.size(); ++at) {
    if (matches_name(name.substr(at), rest)) return true;
  }
  return false;
}

Selection select_files(const FilesCheck& check, const CheckContext& context) {
  Selector selector(context, check.directories);
  Selection all;
  for (const FileSelector& one : check.select) {
    Selection part = selector.run(one);
    std::ranges::move(part.files, std::back_inserter(all.files));
    std::ranges::move(part.looked_for, std::back_inserter(all.looked_for));
  }
  // What a bundle hides is found in its well-known places, or else stays unknown.
  const bool found =
      std::ranges::any_of(all.files, [](const SelectedFile& one) { return one.file != nullptr; });
  if (found) std::erase_if(all.files, [](const SelectedFile& one) { return one.hidden; });
  // The same file seen through several roots or named by several settings is one file, if it looks the same.
  const auto key = [](const SelectedFile& one) {
    const facts::File* file = one.file;
    return std::tuple(one.path, one.unknown, one.missing, file ? file->mode() : 0, file ? file->uid() : 0,
                      file ? file->gid() : 0);
  };
  std::ranges::sort(all.files, {}, key);
  const auto twice = std::ranges::unique(all.files, {}, key);
  all.files.erase(twice.begin(), twice.end());
  return all;
}

}  // namespace baseline
