// Control groups, the lower parts of which a container may name as it likes: whatever it writes below its own
// group, it stays in its pod.
#include "node-runner/cgroup.h"

#include <algorithm>

#include "support.h"

namespace {

using namespace baseline;
using runner::ControlGroup;
using runner::ControlGroups;
using runner::Where;

void require_form(const ControlGroup& group) {
  fuzz::require(group.container.empty() || group.container.size() == 64, "a container's id has 64 digits");
  fuzz::require(group.where == Where::kPod || group.pod_uid.empty(), "only a pod has a pod's uid");
  fuzz::require((group.where == Where::kUnknown) == !group.reason.empty(),
                "only what is unknown has a reason");
  fuzz::require(std::ranges::all_of(group.pod_uid, [](char c) { return c > ' ' && c < '\x7f' && c != '/'; }),
                "a uid is one word", group.pod_uid);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = fuzz::text_of(data, size);
  // The group of process 1 in the first line, then those of a process.
  const std::string_view init = fuzz::take_line(rest);
  require_form(ControlGroups(init).place(rest));
  require_form(ControlGroups(rest).place(init));

  const std::string id(64, 'c');
  const std::string uid = "0123456789abcdef0123456789abcdef";
  for (const std::string& above : {std::string("/kubepods/pod" + uid + "/" + id),
                                   std::string("/../../pod" + uid + "/crio-" + id + ".scope")}) {
    const ControlGroups groups(above.starts_with("/..") ? "0::/../../../.." : "0::/init.scope");
    const std::string_view below = rest.substr(0, rest.find('\n'));  // no group's name holds a line's end
    const ControlGroup group = groups.place("0::" + above + "/" + std::string(below));
    require_form(group);
    if (group.where == Where::kUnknown) continue;
    fuzz::require(group.where == Where::kPod && group.pod_uid == uid, "a container stays in its pod", below);
    fuzz::require(group.container == id, "a container stays itself", below);
  }
  return 0;
}
