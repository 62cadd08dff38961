#include "objects/readers.h"

namespace baseline::objects {
namespace {

// Reads the metadata, and hands every other member to `rest`.
template <typename Rest>
void read_object(Reader& reader, Json object, cluster::Metadata& metadata, Rest&& rest) {
  reader.fields(object, [&](std::string_view key, Json member) {
    if (key == "metadata") {
      read_metadata(reader, member, metadata);
    } else {
      rest(key, member);
    }
  });
}

}  // namespace

void read_namespace(Reader& reader, Json object, Objects& out) {
  cluster::Namespace ns;
  read_object(reader, object, ns.metadata, [&](std::string_view key, Json member) {
    if (key == "status") reader.text_of(member, "phase", ns.phase);
  });
  out.emplace_back(std::move(ns));
}

void read_service_account(Reader& reader, Json object, Objects& out) {
  cluster::ServiceAccount account;
  read_object(reader, object, account.metadata, [&](std::string_view key, Json member) {
    if (key == "automountServiceAccountToken") reader.flag(member, account.automount_token);
  });
  out.emplace_back(std::move(account));
}

void read_service(Reader& reader, Json object, Objects& out) {
  cluster::Service service;
  const auto spec = [&](std::string_view key, Json member) {
    if (key == "type") {
      reader.text(member, service.type);
    } else if (key == "selector") {
      read_labels(reader, member, service.selector);
    } else if (key == "ports") {
      reader.items(member, [&](Json port) {
        int number = 0;
        reader.fields(port, [&](std::string_view name, Json value) {
          if (name == "nodePort") reader.number(value, number);
        });
        if (number != 0) service.node_ports.push_back(number);
        return true;
      });
    }
  };
  read_object(reader, object, service.metadata, [&](std::string_view key, Json member) {
    if (key == "spec") reader.fields(member, spec);
  });
  out.emplace_back(std::move(service));
}

void read_resource_quota(Reader& reader, Json object, Objects& out) {
  cluster::ResourceQuota quota;
  read_object(reader, object, quota.metadata, [&](std::string_view key, Json member) {
    if (key != "spec") return;
    reader.fields(member, [&](std::string_view part, Json hard) {
      if (part != "hard") return;
      reader.fields(hard, [&](std::string_view resource, Json) { quota.hard.emplace_back(resource); });
    });
  });
  out.emplace_back(std::move(quota));
}

void read_limit_range(Reader& reader, Json object, Objects& out) {
  cluster::LimitRange range;
  read_object(reader, object, range.metadata, [&](std::string_view key, Json member) {
    if (key != "spec") return;
    reader.fields(member, [&](std::string_view part, Json limits) {
      if (part != "limits") return;
      reader.items(limits, [&](Json limit) {
        reader.text_of(limit, "type", range.types.emplace_back());
        return true;
      });
    });
  });
  out.emplace_back(std::move(range));
}

}  // namespace baseline::objects
