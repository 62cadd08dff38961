#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "baseline/cluster/kinds.h"
#include "kube/client.h"

namespace baseline::objects {

// Which kinds an API server has and in which version, found out by discovery: one request for all groups, and
// one more for each version of a group that is there and has optional kinds. Never a list of a kind that may
// not be there.
class ServedKinds {
 public:
  // Asks for the groups. The client must outlive this.
  static base::Result<ServedKinds> discover(const kube::Client& client);

  struct Answer {
    std::string_view version;                 // to list it in, of KindInfo::versions; empty: there is none
    std::vector<std::string> other_versions;  // it is there, in none but these
  };
  // An error of a request about it; a kind that is not there is an answer without any version.
  base::Result<Answer> find(const cluster::KindInfo& kind);

 private:
  explicit ServedKinds(const kube::Client& client) : client_(&client) {}
  base::Result<bool> has(const cluster::KindInfo& kind, std::string_view version);

  const kube::Client* client_;
  std::map<std::string, std::vector<std::string>, std::less<>> versions_;  // by group
  std::map<std::string, base::Result<std::set<std::string, std::less<>>>, std::less<>>
      resources_;  // by apiVersion
};

// The words of KindInfo::versions.
std::vector<std::string_view> known_versions(const cluster::KindInfo& kind);

}  // namespace baseline::objects
