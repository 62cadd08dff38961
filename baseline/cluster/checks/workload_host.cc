#include <algorithm>
#include <string>
#include <utility>

#include "baseline/cluster/checks/host_path.h"
#include "baseline/cluster/checks/pod_row.h"
#include "baseline/cluster/checks/verdict.h"
#include "baseline/cluster/checks/workload_checks.h"

// What pods share with the host: namespaces, files, devices, the runtime's socket.
namespace baseline::cluster {
namespace {

SpecAnswer judge_network(const Sight& sight) {
  return sight.pod.host_network ? wrong("spec.hostNetwork", "true") : right();
}
SpecAnswer judge_ipc(const Sight& sight) {
  return sight.pod.host_ipc ? wrong("spec.hostIPC", "true") : right();
}
SpecAnswer judge_pid(const Sight& sight) {
  return sight.pod.host_pid ? wrong("spec.hostPID", "true") : right();
}

// Windows pods of HostProcess containers set hostNetwork, and mean it.
constexpr PlainRow kNetwork{{.words = "workload.host-network", .linux_only = false, .of_containers = false},
                            judge_network};
constexpr PlainRow kIpc{{.words = "workload.host-ipc", .of_containers = false}, judge_ipc};
constexpr PlainRow kPid{{.words = "workload.host-pid", .of_containers = false}, judge_pid};

// A hostPath volume as a container sees it: whether it may write is told by the phrase.
Phrase mounted(const char* read_only, const char* writable, const VolumeMount& mount, const Volume& volume) {
  return phrase(mount.read_only ? read_only : writable, volume.host_path);
}

class SensitivePaths final : public PodRow {
 public:
  SensitivePaths(const CheckInput& input, FindingSet& findings)
      : PodRow(input, findings, {.words = "workload.sensitive-path", .linux_only = false}),
        paths_(normal_paths(input.texts("paths"))) {}

 protected:
  void look(const Sight& sight) override {
    for (const VolumeMount& mount : sight.container->mounts) {
      const Volume* volume = host_path_volume(sight.pod, mount.volume);
      const std::string* hit = volume ? first_touched(normal_path(volume->host_path), paths_) : nullptr;
      if (!hit) continue;
      Phrase actual = mounted("workload.sensitive-read-only", "workload.sensitive-writable", mount, *volume);
      actual.args.push_back(*hit);
      add(sight, Status::kFail, std::move(actual));
    }
  }

 private:
  const std::vector<std::string> paths_;
};

class RuntimeSockets final : public PodRow {
 public:
  RuntimeSockets(const CheckInput& input, FindingSet& findings)
      : PodRow(input, findings, {.words = "workload.runtime-socket", .linux_only = false}),
        sockets_(normal_paths(input.texts("sockets"))) {}

 protected:
  void look(const Sight& sight) override {
    for (const VolumeMount& mount : sight.container->mounts) {
      const Volume* volume = host_path_volume(sight.pod, mount.volume);
      const std::string* hit = volume ? first_contained(normal_path(volume->host_path), sockets_) : nullptr;
      if (hit) add(sight, Status::kFail, phrase("workload.socket-mounted", volume->host_path, *hit));
    }
  }

 private:
  const std::vector<std::string> sockets_;
};

class HostPaths final : public PodRow {
 public:
  HostPaths(const CheckInput& input, FindingSet& findings)
      : PodRow(input, findings, {.words = "workload.host-path", .linux_only = false}) {}

 protected:
  void look(const Sight& sight) override {
    for (const VolumeMount& mount : sight.container->mounts) {
      const Volume* volume = host_path_volume(sight.pod, mount.volume);
      if (!volume) continue;
      add(sight, Status::kFail,
          mounted("workload.host-path-read-only", "workload.host-path-writable", mount, *volume));
    }
    if (sight.container == &sight.pod.containers.front()) look_at_unused({sight.pod, sight.workload});
  }

 private:
  // A container added later, an ephemeral one, can mount what the pod declares.
  void look_at_unused(const Sight& sight) {
    for (const Volume& volume : sight.pod.volumes) {
      if (!volume.is_host_path) continue;
      const bool used = std::ranges::any_of(sight.pod.containers, [&](const Container& container) {
        return std::ranges::find(container.mounts, volume.name, &VolumeMount::volume) !=
               container.mounts.end();
      });
      if (!used) add(sight, Status::kFail, phrase("workload.host-path-unused", volume.host_path));
    }
  }
};

bool is_device(const Volume& volume) {
  static const std::vector<std::string> kDevices{"/dev"};
  return volume.host_path_type == "CharDevice" || volume.host_path_type == "BlockDevice" ||
         first_touched(normal_path(volume.host_path), kDevices) != nullptr;
}

class Devices final : public PodRow {
 public:
  Devices(const CheckInput& input, FindingSet& findings)
      : PodRow(input, findings, {.words = "workload.device"}) {}

 protected:
  void look(const Sight& sight) override {
    for (const VolumeMount& mount : sight.container->mounts) {
      const Volume* volume = host_path_volume(sight.pod, mount.volume);
      if (!volume || !is_device(*volume)) continue;
      add(sight, Status::kFail,
          volume->host_path_type.empty()
              ? phrase("workload.device-mounted", volume->host_path)
              : phrase("workload.device-typed", volume->host_path, volume->host_path_type));
    }
    // A raw block volume: of a disk of the node or of a storage system, which its PersistentVolume tells.
    for (const std::string& device : sight.container->devices) {
      const Volume* volume = host_path_volume(sight.pod, device);
      add(sight, volume ? Status::kFail : Status::kManual,
          volume ? phrase("workload.device-mounted", volume->host_path)
                 : phrase("workload.device-volume", device));
    }
  }
};

}  // namespace

std::vector<ObjectBuiltin> host_checks() {
  return {
      {"pod-host-network", {Kind::kPod}, {}, plain_row<kNetwork>},
      {"pod-host-ipc", {Kind::kPod}, {}, plain_row<kIpc>},
      {"pod-host-pid", {Kind::kPod}, {}, plain_row<kPid>},
      {"container-sensitive-paths",
       {Kind::kPod},
       {{"paths", Parameter::Type::kStringList, false}},
       pod_check<SensitivePaths>},
      {"container-runtime-sockets",
       {Kind::kPod},
       {{"sockets", Parameter::Type::kStringList, false}},
       pod_check<RuntimeSockets>},
      {"container-host-paths", {Kind::kPod}, {}, pod_check<HostPaths>},
      {"container-devices", {Kind::kPod}, {}, pod_check<Devices>},
  };
}

}  // namespace baseline::cluster
