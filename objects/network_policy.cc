#include <algorithm>

#include "objects/readers.h"
#include "objects/selector.h"

namespace baseline::objects {
namespace {

using cluster::Kind;
using cluster::NetworkPolicy;

constexpr std::size_t kSelectorShown = 256;

// The rules of one direction, as far as whether they let anything through.
struct Rules {
  bool given = false;  // not null
  std::size_t count = 0;
  std::size_t open = 0;  // those that let something through
};

// `opens(rule)`: whether the rule does.
template <typename Opens>
Rules read_rules(Reader& reader, Json value, Opens&& opens) {
  Rules rules;
  rules.given = !value.is_null();
  const auto count = [&](Json rule) {
    ++rules.count;
    rules.open += opens(rule) ? 1 : 0;
    return true;
  };
  reader.items(value, count, kMostRules);
  return rules;
}

bool has(const std::vector<std::string>& types, std::string_view type) {
  return std::ranges::find(types, type) != types.end();
}

void set_directions(const Rules& ingress, const Rules& egress, NetworkPolicy& out) {
  out.ingress_closed = out.ingress && ingress.open == 0;
  out.egress_closed = out.egress && egress.open == 0;
}

}  // namespace

void read_network_policy(Reader& reader, Json object, Objects& out) {
  NetworkPolicy policy;
  std::vector<std::string> types;
  Rules ingress;
  Rules egress;
  const auto any = [](Json) { return true; };  // an empty rule lets everything through
  const auto spec = [&](std::string_view key, Json member) {
    if (key == "podSelector") {
      policy.pods = read_selector(reader, member);
    } else if (key == "policyTypes") {
      reader.texts(member, types);
    } else if (key == "ingress") {
      ingress = read_rules(reader, member, any);
    } else if (key == "egress") {
      egress = read_rules(reader, member, any);
    }
  };
  reader.fields(object, [&](std::string_view key, Json member) {
    if (key == "metadata") {
      read_metadata(reader, member, policy.metadata);
    } else if (key == "spec") {
      reader.fields(member, spec);
    }
  });
  policy.ingress = types.empty() || has(types, "Ingress");
  policy.egress = types.empty() ? egress.count > 0 : has(types, "Egress");
  set_directions(ingress, egress, policy);
  out.emplace_back(std::move(policy));
}

namespace {

// One rule of a Cilium policy. A direction is closed by default once the rule has entries for it, or says so.
class CiliumRule {
 public:
  CiliumRule(Reader& reader, NetworkPolicy& policy) : reader_(reader), policy_(policy) {}

  // False when it is about hosts: it covers no pod.
  bool read(Json value) {
    reader_.fields(value, [&](std::string_view key, Json member) { field(key, member); });
    if (hosts_ && !selected_) return false;
    if (!selected_ && policy_.unsupported.empty()) policy_.unsupported = "endpointSelector: null";
    policy_.ingress = closed_ingress_.value_or(ingress_.count + denied_ingress_ > 0);
    policy_.egress = closed_egress_.value_or(egress_.count + denied_egress_ > 0);
    set_directions(ingress_, egress_, policy_);
    return true;
  }

 private:
  void field(std::string_view key, Json member) {
    // An entry without any condition lets nothing through, unlike in the API's own policies.
    const auto opens = [](Json rule) {
      simdjson::dom::object object;
      return rule.get_object().get(object) != simdjson::SUCCESS || object.size() > 0;
    };
    if (key == "endpointSelector") {
      selector(member);
    } else if (key == "nodeSelector" && !member.is_null()) {
      hosts_ = true;
    } else if (key == "ingress") {
      ingress_ = read_rules(reader_, member, opens);
    } else if (key == "egress") {
      egress_ = read_rules(reader_, member, opens);
    } else if (key == "ingressDeny") {
      denied_ingress_ = read_rules(reader_, member, opens).count;
    } else if (key == "egressDeny") {
      denied_egress_ = read_rules(reader_, member, opens).count;
    } else if (key == "enableDefaultDeny") {
      reader_.fields(member, [&](std::string_view direction, Json is) {
        if (direction == "ingress") reader_.flag(is, closed_ingress_);
        if (direction == "egress") reader_.flag(is, closed_egress_);
      });
    }
  }

  void selector(Json member) {
    if (member.is_null()) return;
    selected_ = true;
    auto pods = read_cilium_selector(reader_, member);
    if (pods) {
      policy_.pods = std::move(*pods);
    } else {
      policy_.unsupported = "endpointSelector: " + simdjson::minify(member).substr(0, kSelectorShown);
    }
  }

  Reader& reader_;
  NetworkPolicy& policy_;
  bool selected_ = false;
  bool hosts_ = false;
  Rules ingress_, egress_;
  std::size_t denied_ingress_ = 0, denied_egress_ = 0;
  std::optional<bool> closed_ingress_, closed_egress_;
};

}  // namespace

void read_cilium_policy(Reader& reader, Kind kind, Json object, Objects& out) {
  cluster::Metadata metadata;
  std::vector<NetworkPolicy> rules;
  bool given = false;
  const auto rule = [&](Json value) {
    if (value.is_null()) return true;
    NetworkPolicy& policy = rules.emplace_back();
    policy.kind = kind;
    given = true;
    if (!CiliumRule(reader, policy).read(value)) rules.pop_back();
    return true;
  };
  reader.fields(object, [&](std::string_view key, Json member) {
    if (key == "metadata") {
      read_metadata(reader, member, metadata);
    } else if (key == "spec") {
      rule(member);
    } else if (key == "specs") {
      reader.items(member, rule, kMostPolicies);
    }
  });
  if (!given) return reader.missing("spec", "object");
  for (NetworkPolicy& policy : rules) {
    policy.metadata = metadata;
    out.emplace_back(std::move(policy));
  }
}

namespace {

// Which pods a Calico policy selects: three selectors that must all match, of which we follow one.
struct CalicoSelectors {
  std::string pods, namespaces, accounts;

  void apply(NetworkPolicy& policy) const {
    const auto all = [](const std::string& text) {
      const auto selector = parse_calico_selector(text);
      return selector && selector->expressions.empty();
    };
    if (!all(namespaces)) {
      policy.unsupported = "namespaceSelector: " + namespaces.substr(0, kSelectorShown);
    } else if (!all(accounts)) {
      policy.unsupported = "serviceAccountSelector: " + accounts.substr(0, kSelectorShown);
    } else if (auto selector = parse_calico_selector(pods)) {
      policy.pods = std::move(*selector);
    } else {
      policy.unsupported = "selector: " + pods.substr(0, kSelectorShown);
    }
  }
};

void read_selector_text(Reader& reader, Json value, std::string& out) {
  reader.text(value, out);
  if (out.size() > kLongestSelector) reader.too_many("bytes", kLongestSelector);
}

}  // namespace

void read_calico_policy(Reader& reader, Kind kind, Json object, Objects& out) {
  NetworkPolicy policy;
  policy.kind = kind;
  CalicoSelectors selectors;
  bool hosts = false;  // for the interfaces of nodes: it covers no pod
  std::vector<std::string> types;
  Rules ingress;
  Rules egress;
  const auto opens = [&](Json rule) {
    std::string action;
    reader.text_of(rule, "action", action);
    return action != "Deny" && action != "Log";
  };
  const auto spec = [&](std::string_view key, Json member) {
    if (key == "selector") {
      read_selector_text(reader, member, selectors.pods);
    } else if (key == "namespaceSelector") {
      read_selector_text(reader, member, selectors.namespaces);
    } else if (key == "serviceAccountSelector") {
      read_selector_text(reader, member, selectors.accounts);
    } else if (key == "preDNAT" || key == "doNotTrack") {
      bool is = false;
      reader.flag(member, is);
      hosts |= is;
    } else if (key == "types") {
      reader.texts(member, types);
    } else if (key == "ingress") {
      ingress = read_rules(reader, member, opens);
    } else if (key == "egress") {
      egress = read_rules(reader, member, opens);
    }
  };
  reader.fields(object, [&](std::string_view key, Json member) {
    if (key == "metadata") {
      read_metadata(reader, member, policy.metadata);
    } else if (key == "spec") {
      reader.fields(member, spec);
    }
  });
  if (hosts) return;
  selectors.apply(policy);
  policy.ingress = types.empty() ? ingress.given || !egress.given : has(types, "Ingress");
  policy.egress = types.empty() ? egress.given : has(types, "Egress");
  set_directions(ingress, egress, policy);
  out.emplace_back(std::move(policy));
}

}  // namespace baseline::objects
