#pragma once

#include <string>
#include <vector>

// Secrets planted in every place that the collector reads, one a line. "%" stands for the secret: a word that
// gives itself away by nothing, neither its form nor its length.
namespace baseline::runner::planted {

struct CommandLine {
  const char* component;
  std::vector<const char*> words;  // at blanks
};

// Given to each component.
inline const std::vector<const char*> kWords = {
    "--token=%",
    "--psk %",
    "--psk=%",
    "--db-password %",
    "--user root:%",
    "-u root:%",
    "-p%",
    "-P=%",
    "-password %",
    "--PSK=%",
    "--Pass%",
    "--header X-Key:%",
    "--upstream=https://host/?key=%",
    "--upstream=https://user:%@host/",
    "--key_material=%",
    "% --bare",
    "--config.secret /keys/%",
};

inline const std::vector<CommandLine> kCommandLines = {
    {"kube-apiserver",
     {"--oidc-client-id=%", "--oidc-required-claim=key=%", "--cors-allowed-origins=%",
      "--etcd-servers-overrides=/a#%", "--etcd-servers=https://root:%@etcd:2379",
      "--oidc-issuer-url=https://id:%@issuer/", "--secure-port=%", "--request-timeout %",
      "--anonymous-auth=%", "--feature-gates=%", "--service-account-issuer=https://x/?t=%",
      "--authorization-mode=Node,root:%@host", "--basic-auth=admin:%", "--token-auth-file=;%"}},
    {"kube-controller-manager",
     {"--cluster-name=x:%@y", "--terminated-pod-gc-threshold=%", "--cloud-config=?%"}},
    {"kube-scheduler", {"--leader-elect-lease-duration=%", "--master=https://u:%@api"}},
    {"etcd",
     {"--initial-cluster-token=%", "--discovery=https://discovery/%", "--auth-token=jwt,priv-key=%",
      "--initial-cluster=a=https://u:%@b:2380", "--cors=%", "--quota-backend-bytes=%",
      "--discovery-proxy=http://%"}},
    {"kubelet",
     {"--node-labels=key=%", "--provider-id=%", "--manifest-url-header=X:%",
      "--register-with-taints=a=%:NoSchedule", "--storage-driver-password %", "--kube-reserved=cpu=%",
      "--max-pods=%", "--manifest-url=https://u:%@h/"}},
    {"kube-proxy", {"--conntrack-min=%", "--master=https://u:%@api"}},
    {"containerd", {"--address=?%"}},
    {"crio", {"--default-env=KEY=%", "--storage-opt=%", "--pids-limit=%"}},
    {"dockerd",
     {"--label=key=%", "--log-opt splunk-token=%", "--exec-opt=%", "--http-proxy=http://u:%@proxy",
      "--registry-mirror=https://u:%@mirror", "--cluster-store-opt kv.key=%", "--swarm-key=%"}},
};

inline const std::vector<const char*> kEtcdVariables = {
    "ETCD_USER=root:%",
    "ETCD_PASSWORD=%",
    "ETCD_ROOT_PASSWORD=%",
    "ETCD_INITIAL_CLUSTER_TOKEN=%",
    "ETCD_DISCOVERY=https://discovery/%",
    "ETCD_LISTEN_PEER_URLS=https://u:%@h",
    "ETCD_AUTH_TOKEN=jwt,priv-key=%",
    "ETCD_SNAPSHOT_COUNT=%",
    "ETCD_PSK=%",
    "ETCDCTL_USER=root:%",
    "AWS_SECRET_ACCESS_KEY=%",
};

// A file: what stands around the lines, and the lines, between which `between` stands.
struct Document {
  const char* path;
  const char* head;
  std::vector<const char*> lines;
  const char* between = "\n";
  const char* tail = "\n";
};

// In the root of the process that names them, of which "/apiserver", "/scheduler", "/proxy" and "/etcd" are
// short forms.
inline const std::vector<Document> kDocuments = {
    {"/var/lib/kubelet/config.yaml",
     "kind: KubeletConfiguration\nstaticPodPath: /etc/kubernetes/manifests\n",
     {"providerID: %", "staticPodURLHeader: {X: [%]}", "staticPodURL: 'https://u:%@h/'", "maxPods: %",
      "preloadedImagesVerificationAllowlist: [%]",
      "registerWithTaints: [{key: a, value: %, effect: NoSchedule}]", "tracing: {endpoint: 'https://u:%@h'}",
      "psk: %", "vendor: {deep: {er: [%]}}", "evictionHard: {memory: %}", "kubeReserved: {cpu: %}",
      "featureGates: {A: %}", "syncFrequency: %", "clusterDNS: ['u:%@h']"}},
    {"/etc/kubelet.d/10.conf", "kind: KubeletConfiguration\n", {"providerID: %", "psk: %", "vendor: {a: %}"}},
    {"/proxy/etc/proxy.yaml",
     "kind: KubeProxyConfiguration\nclientConnection: {kubeconfig: /etc/proxy.conf, acceptContentTypes: x}\n",
     {"psk: %", "winkernel: {vendor: %}", "conntrack: {min: %}", "hostnameOverride: 'u:%@h'"}},
    {"/proxy/etc/proxy.conf", "kind: Config\nusers:\n", {"- {name: a, user: {token: %}}"}},
    {"/scheduler/etc/scheduler.yaml",
     "kind: KubeSchedulerConfiguration\n",
     {"profiles: [{schedulerName: a, pluginConfig: [{name: b, args: {key: %, deep: {er: %}}}]}]",
      "extenders: [{urlPrefix: 'https://u:%@h', tlsConfig: {keyData: %, certData: %}}]", "psk: %",
      "parallelism: %"}},
    {"/etcd/etc/etcd.yaml",
     "name: a\n",
     {"initial-cluster-token: %", "discovery: 'https://d/%'", "auth-token: 'jwt,priv-key=%'", "psk: %",
      "log-rotation-config-json: '{\"k\": \"%\"}'",
      "client-transport-security: {cert-file: /c, passphrase: %}", "listen-client-urls: 'https://u:%@h'"}},
    {"/apiserver/etc/k/hook.conf",
     "kind: Config\nclusters:\n- {name: a, cluster: {server: 'https://u:%@h', proxy-url: 'http://u:%@h', "
     "certificate-authority-data: %}}\nusers:\n",
     {"- {name: a, user: {token: %}}", "- {name: b, user: {username: admin, password: %}}",
      "- {name: c, user: {client-key-data: %, client-certificate-data: %}}",
      "- {name: d, user: {exec: {command: helper, args: [--key, %], env: [{name: K, value: %}]}}}",
      "- {name: e, user: {auth-provider: {name: oidc, config: {id-token: %, refresh-token: %}}}}",
      "- {name: f, user: {as: a, as-user-extra: {k: [%]}}}",
      "- {name: g, user: {vendor: %}, extensions: [{name: x, "
      "extension: {k: %}}]}"}},
    {"/apiserver/etc/k/encryption.yaml",
     "kind: EncryptionConfiguration\nresources:\n- resources: [secrets]\n  providers:\n",
     {"  - aescbc: {keys: [{name: a, secret: %}]}", "  - aesgcm: {keys: [{name: a, secret: %}]}",
      "  - secretbox: {keys: [{name: a, secret: %}]}", "  - kms: {name: a, endpoint: 'https://u:%@h'}",
      "  - vendor: {material: %, list: [%]}"}},
    {"/apiserver/etc/k/audit.yaml",
     "kind: Policy\nmetadata: {annotations: {k: %}}\nrules:\n",
     {"- {level: None, users: ['u:%@h']}", "- {level: None, vendor: %}", "- {level: 'x %'}"}},
    {"/apiserver/etc/k/authorization.yaml",
     "kind: AuthorizationConfiguration\nauthorizers:\n",
     {"- {type: Webhook, name: a, webhook: {matchConditions: [{expression: \"request.user == '%'\"}]}}",
      "- {type: Webhook, name: b, webhook: {timeout: %, secret: %}}"}},
    {"/apiserver/etc/k/authentication.yaml",
     "kind: AuthenticationConfiguration\njwt:\n",
     {"- {issuer: {url: 'https://u:%@h', certificateAuthority: %}}",
      "- {issuer: {url: 'https://h', audiences: ['https://h/?a=%'], secret: %}}",
      "- {claimMappings: {username: {expression: \"'%'\"}, groups: {prefix: %}}}",
      "- {claimValidationRules: [{claim: a, requiredValue: %}], userValidationRules: [{expression: %, "
      "message: %}]}"}},
    {"/apiserver/etc/k/admission.yaml",
     "kind: AdmissionConfiguration\nplugins:\n- {name: EventRateLimit, path: limits.yaml}\n",
     {"- {name: Vendor, configuration: {kind: V, password: %, deep: {er: [%]}}}",
      "- {name: PodNodeSelector, configuration: {podNodeSelectorPluginConfig: {ns: %}}}",
      "- {name: PodSecurity, configuration: {defaults: {enforce: 'a %'}, exemptions: {usernames: "
      "['u:%@h']}}}",
      "- {name: ImagePolicyWebhook, configuration: {imagePolicy: {kubeConfigFile: '?%', allowTTL: %}}}",
      "- {name: A, path: '?%'}", "- {name: B, token: %}"}},
    {"/apiserver/etc/k/limits.yaml", "kind: Configuration\n", {"limits: [{type: Server, qps: %}]", "psk: %"}},
    {"/apiserver/etc/k/egress.yaml",
     "kind: EgressSelectorConfiguration\negressSelections:\n",
     {"- {name: cluster, connection: {transport: {tcp: {url: 'https://u:%@h', header: %}}}}"}},
    {"/etc/kubernetes/manifests/etcd.yaml",
     "kind: Pod\nmetadata:\n  name: etcd\n  annotations: {note: %}\n  labels: {key: %}\nspec:\n"
     "  volumes:\n  - {name: a, flexVolume: {options: {password: %}}}\n"
     "  - {name: b, csi: {volumeAttributes: {key: %}}}\n  initContainers:\n"
     "  - {name: i, image: x, env: [{name: A, value: %}], command: [sh, -c, 'curl -u a:% h'], args: [%]}\n"
     "  containers:\n",
     {"  - {name: etcd, image: 'registry/etcd:3.6', command: [etcd, --psk=%, --user, 'root:%', %, -p%]}",
      "  - {name: a, image: x, command: [etcdctl, --user, 'root:%', get, k]}",
      "  - {name: b, image: x, command: [curl, -u, 'a:%', h]}",
      "  - {name: c, image: x, command: [/bin/sh, -c, 'etcdctl --user root:%']}",
      "  - {name: d, image: x, args: [--token, %, --name=%, -p%]}", "  - {name: e, image: x, command: [%]}",
      "  - {name: f, image: x, env: [{name: KEY, value: %}]}",
      "  - {name: g, image: x, lifecycle: {preStop: {exec: {command: [sh, -c, 'x %']}}}}",
      "  - {name: h, image: x, livenessProbe: {exec: {command: [check, --key=%]}}}",
      "  - {name: i, image: x, livenessProbe: {httpGet: {path: '/?k=%', httpHeaders: [{name: A, value: "
      "%}]}}}",
      "  - {name: j, image: 'u:%@h', workingDir: %}"}},
    {"/etc/cni/net.d/10-net.conflist",
     R"({"name": "net", "cniVersion": "1.0.0", "plugins": [)",
     {R"({"type": "a", "psk": "%"})",
      R"({"type": "b", "wireguard": {"privateKey": "%", "presharedKey": "%"}})",
      R"({"type": "calico", "etcd_endpoints": "https://u:%@h:2379", "etcd_password": "%", "etcd_username": "%"})",
      R"({"type": "calico", "policy": {"type": "k8s", "k8s_auth_token": "%", "k8s_client_key": "%"}})",
      R"({"type": "c", "ipam": {"type": "x", "key": "%", "routes": [{"dst": "u:%@h"}]}})",
      R"({"type": "d", "runtimeConfig": {"secret": "%"}, "args": {"cni": {"labels": [{"key": "a", "value": "%"}]}}})",
      R"({"type": "u:%@h"})", R"({"type": "e", "delegates": [{"type": "f", "psk": "%"}], "mtu": "%"})"},
     ",\n",
     "]}\n"},
    {"/etc/containerd/config.toml",
     "version = 2\n",
     {"[plugins.\"io.containerd.grpc.v1.cri\".registry.configs.\"r\".auth]\nusername = \"%\"\npassword = "
      "\"%\"\nauth = \"%\"\nidentitytoken = \"%\"",
      "[plugins.\"io.containerd.grpc.v1.cri\".registry.headers]\nX-Key = [\"%\"]",
      "[plugins.\"io.containerd.grpc.v1.cri\".registry]\nconfig_path = \"/etc/containerd/certs.d\"",
      "[plugins.\"io.containerd.grpc.v1.cri\".registry.mirrors.r]\nendpoint = [\"https://u:%@r\", "
      "\"https://r/?k=%\"]",
      "[stream_processors.x]\nargs = [\"--key\", \"%\"]\nenv = [\"KEY=%\"]",
      "[proxy_plugins.x]\naddress = \"%\"", "[plugins.vendor]\nkey = \"%\"\nlist = [\"%\"]",
      "[timeouts]\na = \"%\""}},
    {"/etc/containerd/certs.d/r/hosts.toml",
     "server = \"https://u:%@r\"\n",
     {"[host.\"https://u:%@r2\"]\nskip_verify = true",
      "[host.\"https://r3\".header]\nAuthorization = \"Basic %\"",
      "[host.\"https://r4\".header]\nx-key = [\"%\"]"}},
    {"/etc/crio/crio.conf",
     "[crio]\nlog_dir = \"/var/log\"\n",
     {"[crio.runtime]\ndefault_env = [\"KEY=%\"]\npids_limit = \"%\"\nhooks = \"%\"",
      "[crio.image]\n"
      "insecure_registries = [\"u:%@r\"]\nbig_files_temporary_dir = \"%\"",
      "[crio.vendor]\nkey = \"%\""}},
    {"/etc/containers/registries.conf",
     "",
     {"[[registry]]\nprefix = \"u:%@r\"\nlocation = \"https://u:%@r\"",
      "[[registry]]\nlocation = \"r\"\nkey = \"%\"",
      "[[registry]]\nlocation = \"r\"\n[[registry.mirror]]\nlocation = \"https://u:%@m\""}},
    {"/etc/containers/storage.conf", "[storage]\n", {"[storage.options]\nkey = \"%\""}},
    {"/etc/docker/daemon.json",
     "{",
     {R"("auths": {"r": {"auth": "%", "username": "%"}})", R"("proxies": {"http-proxy": "http://u:%@h"})",
      R"("log-opts": {"splunk-token": "%"})", R"("labels": ["key=%"])", R"("HttpHeaders": {"X-Key": "%"})",
      R"("registry-mirrors": ["https://u:%@m"])", R"("insecure-registries": ["https://u:%@m"])",
      R"("swarm": {"joinToken": "%", "unlockKey": "%"})", R"("exec-opts": ["k=%"])", R"("mtu": "%")",
      R"("default-address-pools": [{"base": "%"}])", R"("builder": {"gc": {"key": "%"}})"},
     ", ",
     "}"},
    // Broken: what is said of the fault must not quote it.
    {"/scheduler/etc/kubernetes/scheduler.conf", "users:\n", {"- token: %", "  %: 1", "  %: 2", "  : [%"}},
    {"/etc/containerd/certs.d/broken/hosts.toml", "", {"server = %", "[% = 1"}},
    {"/etc/cni/net.d/20-broken.conf", "{", {"\"psk\": \"%\"", "%: %", "[%"}},
    {"/etc/kubernetes/manifests/broken.yaml", "kind: Pod\n", {"%: [", "%: {"}},
    // Read for one thing, and for nothing else.
    {"/usr/lib/systemd/system/kubelet.service", "[Service]\n", {"Environment=KEY=%", "ExecStart=/x --key=%"}},
    {"/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf",
     "[Service]\n",
     {"Environment=\"ARGS=--token=%\""}},
    {"/var/lib/kubelet/kubeadm-flags.env", "", {"KUBELET_KUBEADM_ARGS=--token=%"}},
    {"/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n", {"app:%:999:999:%:/:/bin/sh"}},
    {"/etc/group", "root:x:0:\n", {"app:%:999:"}},
    {"/etc/kubernetes/pki/sa.key", "", {"%"}},
    {"/etc/kubernetes/pki/etcd/ca.crt", "-----BEGIN CERTIFICATE-----\n", {"%"}},
    {"/apiserver/etc/k/tokens.csv", "", {"%,admin,1"}},
};

// k3s has one process for all.
inline const std::vector<Document> kK3s = {
    {"/etc/rancher/k3s/config.yaml",
     "",
     {"token: %", "agent-token: %", "datastore-endpoint: 'mysql://u:%@tcp(db)/k'", "etcd-s3-access-key: %",
      "etcd-s3-secret-key: %", "node-label: ['key=%']", "vpn-auth: 'name=x,joinKey=%'", "psk: %",
      "kubelet-arg: ['psk=%', 'node-labels=key=%']", "kube-apiserver-arg: ['etcd-servers=https://u:%@h']",
      "https-listen-port: %", "server: 'https://u:%@h'"}},
    {"/etc/rancher/k3s/config.yaml.d/10.yaml", "", {"token: %", "etcd-arg: 'psk=%'"}},
    {"/etc/systemd/system/k3s.service",
     "[Service]\nEnvironment=K3S_TOKEN=%\n",
     {"ExecStart=/usr/local/bin/k3s server --token % --psk=% '--kubelet-arg=psk=%' "
      "--etcd-s3-secret-key=% '--etcd-arg=psk=%' %"}},
    {"/etc/rancher/k3s/registries.yaml", "", {"configs: {r: {auth: {password: %}}}"}},
    {"/var/lib/rancher/k3s/server/token", "", {"%"}},
};

}  // namespace baseline::runner::planted
