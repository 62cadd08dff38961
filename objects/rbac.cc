#include "objects/readers.h"
#include "objects/selector.h"

namespace baseline::objects {
namespace {

void read_rules(Reader& reader, Json value, cluster::Role& out) {
  const auto rule_of = [&](Json element) {
    cluster::PolicyRule& rule = out.rules.emplace_back();
    reader.fields(element, [&](std::string_view key, Json member) {
      if (key == "verbs") {
        reader.texts(member, rule.verbs);
      } else if (key == "apiGroups") {
        reader.texts(member, rule.api_groups);
      } else if (key == "resources") {
        reader.texts(member, rule.resources);
      } else if (key == "resourceNames") {
        reader.texts(member, rule.resource_names);
      } else if (key == "nonResourceURLs") {
        reader.texts(member, rule.non_resource_urls);
      }
    });
    return true;
  };
  reader.items(value, rule_of, kMostRules);
}

void read_aggregation(Reader& reader, Json value, cluster::Role& out) {
  if (value.is_null()) return;
  out.aggregated = true;
  reader.fields(value, [&](std::string_view key, Json member) {
    if (key != "clusterRoleSelectors") return;
    const auto take = [&](Json selector) {
      out.aggregation.push_back(read_selector(reader, selector));
      return true;
    };
    reader.items(member, take, kMostSelectors);
  });
}

void read_subjects(Reader& reader, Json value, cluster::RoleBinding& out) {
  const auto take = [&](Json element) {
    cluster::Subject& subject = out.subjects.emplace_back();
    reader.fields(element, [&](std::string_view key, Json member) {
      if (key == "kind") {
        reader.text(member, subject.kind);
      } else if (key == "name") {
        reader.text(member, subject.name);
      } else if (key == "namespace") {
        reader.text(member, subject.ns);
      }
    });
    return true;
  };
  reader.items(value, take, kMostSubjects);
}

}  // namespace

void read_role(Reader& reader, bool cluster, Json object, Objects& out) {
  cluster::Role role;
  role.cluster = cluster;
  reader.fields(object, [&](std::string_view key, Json member) {
    if (key == "metadata") {
      read_metadata(reader, member, role.metadata);
    } else if (key == "rules") {
      read_rules(reader, member, role);
    } else if (key == "aggregationRule" && cluster) {
      read_aggregation(reader, member, role);
    }
  });
  out.emplace_back(std::move(role));
}

void read_binding(Reader& reader, bool cluster, Json object, Objects& out) {
  cluster::RoleBinding binding;
  binding.cluster = cluster;
  reader.fields(object, [&](std::string_view key, Json member) {
    if (key == "metadata") {
      read_metadata(reader, member, binding.metadata);
    } else if (key == "subjects") {
      read_subjects(reader, member, binding);
    } else if (key == "roleRef") {
      reader.text_of(member, "kind", binding.role_kind);
      reader.text_of(member, "name", binding.role_name);
    }
  });
  out.emplace_back(std::move(binding));
}

}  // namespace baseline::objects
