#include "container_layouts.h"

#include "base/digest.h"

namespace baseline::test {
namespace {

std::string hex_of(const std::string& text) {
  return base::sha256_hex(text);
}

std::string quoted(const std::string& text) {
  return "\"" + text + "\"";
}

}  // namespace

std::string digest_of(const std::string& text) {
  return "sha256:" + hex_of(text);
}

std::string container_id(char letter) {
  return std::string(64, letter);
}

void lay_out_init(NodeTree& tree) {
  tree.file("/proc/1/cgroup", "0::/init.scope\n");
  tree.link("/proc/1/ns/user", "user:[1]").link("/proc/1/ns/net", "net:[1]");
}

void lay_out_container_process(NodeTree& tree, const ContainerProcess& process) {
  const std::string dir = "/proc/" + std::to_string(process.pid);
  const std::string uid = std::to_string(process.uid);
  tree.process(
      {.pid = process.pid, .argv = {"server"}, .root = process.root, .listening = {{"0.0.0.0", 8080}}});
  tree.file(dir + "/status", "Name:\tserver\nUid:\t0\t" + uid + "\t0\t0\nCapEff:\t" + process.capabilities +
                                 "\nNoNewPrivs:\t" + std::to_string(process.no_new_privs) + "\nSeccomp:\t" +
                                 std::to_string(process.seccomp) + "\n");
  tree.file(dir + "/cgroup", FakePod{.container = process.id}.cgroup());
  tree.file(dir + "/attr/apparmor/current", process.label + "\n");
  tree.link(dir + "/ns/user", process.user_namespace).link(dir + "/ns/net", process.network);
  tree.file(
      dir + "/net/udp",
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
      "   0: 00000000:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 91 2 0 0\n"
      "   1: 0100007F:9C40 0100007F:0035 01 00000000:00000000 00:00000000 00000000     0        0 92 2 0 "
      "0\n");
}

ContainerdLayout::ContainerdLayout(NodeTree& tree, std::string state, std::string root)
    : tree_(tree), state_(std::move(state)), root_(std::move(root)) {
  tree_.directory(state_ + "/io.containerd.runtime.v2.task/k8s.io");
  tree_.directory(root_);
  space();
}

std::string ContainerdLayout::blob(const std::string& digest) const {
  return root_ + "/io.containerd.content.v1.content/blobs/sha256/" + digest.substr(7);
}

std::string ContainerdLayout::bundle(const std::string& id) const {
  return state_ + "/io.containerd.runtime.v2.task/k8s.io/" + id;
}

std::string ContainerdLayout::put_blob(const std::string& text) {
  tree_.file(blob(digest_of(text)), text);
  return digest_of(text);
}

std::string ContainerdLayout::add_image(const std::string& name, const std::string& config) {
  const std::string config_digest = put_blob(config);
  const std::string manifest =
      put_blob(R"({"schemaVersion":2,"config":{"digest":")" + config_digest +
               R"("},"layers":[{"digest":"sha256:1","size":1000},{"digest":"sha256:2","size":234}]})");
  const std::string index =
      put_blob(R"({"manifests":[{"digest":")" + digest_of("not pulled") +
               R"(","platform":{"os":"linux","architecture":"s390x"}},{"digest":")" + manifest +
               R"(","platform":{"os":"linux","architecture":"amd64"}},{"digest":")" +
               digest_of("attestation") + R"(","platform":{"os":"unknown","architecture":"unknown"}}]})");
  for (const std::string& key : {name, config_digest})
    space().buckets["images"].buckets[key].buckets["target"].values["digest"] = index;
  return index;
}

void ContainerdLayout::add(const PodContainer& container) {
  add_image(container.image, container.config);
  tree_.file(bundle(container.id) + "/config.json",
             R"({"ociVersion":"1.1.0","process":{"env":["DB_PASSWORD=CANARY"]},"annotations":{)"
             R"("io.kubernetes.cri.container-type":"container","io.kubernetes.cri.container-name":")" +
                 container.name + R"(","io.kubernetes.cri.sandbox-name":")" + container.pod +
                 R"(","io.kubernetes.cri.sandbox-namespace":")" + container.ns +
                 R"(","io.kubernetes.cri.sandbox-uid":")" + container.uid +
                 R"(","io.kubernetes.cri.image-name":")" + container.image +
                 R"("},"linux":{"seccomp":{"syscalls":[{"names":["read","write"]}]}}})");
  if (container.pid > 0) tree_.file(bundle(container.id) + "/init.pid", std::to_string(container.pid));
  BoltBucket& row = space().buckets["containers"].buckets[container.id];
  row.values["image"] = container.image;
  row.buckets["labels"].values = {{"io.kubernetes.container.name", container.name},
                                  {"io.kubernetes.pod.name", container.pod},
                                  {"io.kubernetes.pod.namespace", container.ns},
                                  {"io.kubernetes.pod.uid", container.uid}};
  const std::string noted =
      R"({"Version":"v1","Metadata":{"ID":"x","Config":{"envs":[{"key":"P","value":"CANARY"}]},)"
      R"("ImageRef":")" +
      digest_of(container.config) + R"("}})";
  std::string any = "\x0a\x04type\x12";
  any += static_cast<char>((noted.size() & 0x7FU) | 0x80U);
  any += static_cast<char>(noted.size() >> 7U);
  row.buckets["extensions"].values["io.cri-containerd.container.metadata"] = any + noted;
}

void ContainerdLayout::add_sandbox(const std::string& id) {
  tree_.file(bundle(id) + "/config.json",
             R"({"annotations":{"io.kubernetes.cri.container-type":"sandbox"}})");
}

void lay_out_crio(NodeTree& tree, const PodContainer& container) {
  const std::string image = hex_of(container.config);
  const std::string storage = "/var/lib/containers/storage/";
  const std::string run = "/run/containers/storage/overlay-containers/" + container.id + "/userdata";
  tree.file(
      run + "/config.json",
      R"({"annotations":{"io.kubernetes.cri-o.ContainerType":"container","io.kubernetes.container.name":")" +
          container.name + R"(","io.kubernetes.pod.name":")" + container.pod +
          R"(","io.kubernetes.pod.namespace":")" + container.ns + R"(","io.kubernetes.pod.uid":")" +
          container.uid + R"(","io.kubernetes.cri-o.ImageName":")" + container.image + R"("}})");
  tree.file(run + "/pidfile", std::to_string(container.pid));
  tree.file(storage + "overlay-containers/containers.json",
            "[{\"id\":" + quoted(container.id) + ",\"image\":" + quoted(image) + ",\"metadata\":\"{}\"}]");
  tree.file(storage + "overlay-images/images.json",
            "[{\"id\":" + quoted(image) + ",\"names\":[" + quoted(container.image) + "]}]");
  tree.file(storage + "overlay-images/" + image + "/manifest",
            R"({"config":{"digest":"sha256:)" + image + R"("},"layers":[{"size":500}]})");
  tree.file(storage + "overlay-images/" + image + "/=" + base::base64_encode("sha256:" + image),
            container.config);
}

void lay_out_docker(NodeTree& tree, const PodContainer& container) {
  const std::string image = hex_of(container.config);
  const std::string root = "/var/lib/docker/";
  const auto row = [&](const std::string& id, const std::string& labels) {
    tree.file(root + "containers/" + id + "/config.v2.json",
              R"({"State":{"Running":true,"Pid":)" + std::to_string(container.pid) + R"(},"Image":"sha256:)" +
                  image + R"(","Config":{"Image":")" + container.image +
                  R"(","Env":["DB_PASSWORD=CANARY"],"Labels":{)" + labels + "}}}");
  };
  const std::string pod =
      R"("io.kubernetes.container.name":")" + container.name + R"(","io.kubernetes.pod.name":")" +
      container.pod + R"(","io.kubernetes.pod.namespace":")" + container.ns +
      R"(","io.kubernetes.pod.uid":")" + container.uid + R"(","io.kubernetes.docker.type":)";
  row(container.id, pod + R"("container")");
  row(container_id('e'), pod + R"("podsandbox")");
  row(container_id('f'), "");
  tree.file(root + "image/overlay2/imagedb/content/sha256/" + image, container.config);
  tree.file(root + "image/overlay2/repositories.json",
            R"({"Repositories":{"shop":{")" + container.image + R"(":"sha256:)" + image + R"("}}})");
}

}  // namespace baseline::test
