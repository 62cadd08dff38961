#include <array>
#include <string_view>

#include "cli/check_words.h"
#include "cli/language.h"

namespace baseline::cli {
namespace {

struct Words {
  std::string_view name, en, zh;
};

// What stands in {} is the argument of that name. A test holds the table complete.
constexpr std::array kWords{
    Words{
        "anonymous-auth",
        "--anonymous-auth must be false, or the structured authentication configuration must allow anonymous "
        "requests on health paths only; where neither holds and RBAC is on, the rights of anonymous users "
        "decide.",
        "--anonymous-auth 必须为 false，或结构化认证配置仅允许匿名访问健康检查路径；两者都不满足且启用了 "
        "RBAC "
        "时，取决于匿名用户被授予的权限。"},
    Words{"authorization-mode",
          "The authorization modes in force, from --authorization-mode or the file of "
          "--authorization-config, {rule}. "
          "When nothing sets them, AlwaysAllow is in force.",
          "生效的授权模式（来自 --authorization-mode，或 --authorization-config "
          "指定的文件）{rule}。未设置时生效的是 "
          "AlwaysAllow。"},
    Words{"psp-or-security-context-deny",
          "SecurityContextDeny must be on, unless PodSecurityPolicy is; later versions have neither.",
          "必须启用 SecurityContextDeny，已启用 PodSecurityPolicy 的除外；较新版本中两者均已移除。"},
    Words{"deny-service-external-ips",
          "Admission plugin DenyServiceExternalIPs is held against {expect}: as the standard writes it, it "
          "must not be "
          "on; with the parameter set to \"required\" it must be.",
          "准入插件 DenyServiceExternalIPs 按 {expect} 判定：标准原文要求不启用；参数设为 required "
          "时则必须启用。"},
    Words{"encryption-provider",
          "--encryption-provider-config (its experimental name up to 1.13) must name a file whose first "
          "provider for "
          "Secrets is not identity.",
          "--encryption-provider-config（1.13 及以前为 experimental 名称）必须指定文件，且其中 Secret 的首个 "
          "provider "
          "不得为 identity。"},
    Words{
        "audit-policy",
        "--audit-policy-file must name a file that can be read and parsed, in which not every rule is None.",
        "--audit-policy-file 必须指定可读取、可解析的文件，且其中的规则不得全为 None。"},
    Words{"client-certificate-users",
          "A person decides, with the evidence of whether OIDC, a webhook or structured authentication is "
          "configured. "
          "Client certificates as the only configured way in for people fail.",
          "由人工判定，并给出证据：是否配置了 OIDC、webhook "
          "或结构化认证。仅配置了客户端证书供人员登录的，判为不符合。"},
    Words{"etcd-separate-ca",
          "The fingerprints of etcd's trusted CA and of the API server's client CA must differ.",
          "etcd 信任的 CA 与 API 服务器的客户端 CA 指纹必须不同。"},
    Words{"kube-proxy-kubeconfig", "The kubeconfig that kube-proxy uses, as its own process sees it, {rule}.",
          "kube-proxy 所用的 kubeconfig（以其进程所见为准）{rule}。"},
    Words{"kubelet-read-only-port",
          "The read-only port must be 0: by flag, by configuration file or by the default of the way in "
          "which the "
          "kubelet was configured. A socket that listens on 10255 fails whatever the settings say.",
          "只读端口必须为 0：以命令行参数、配置文件或 kubelet 配置方式对应的默认值为准。只要有套接字监听 "
          "10255，"
          "无论如何设置都判为不符合。"},
    Words{"kubelet-serving-certificate",
          "The kubelet must have a serving certificate and key of its own that are there, or request one "
          "from the API; "
          "a self-signed one fails.",
          "kubelet 必须使用实际存在的自有服务证书与私钥，或通过 API 申请证书；自签名证书判为不符合。"},
    Words{"kubelet-server-certificate-rotation",
          "Feature gate RotateKubeletServerCertificate must not be off, and the kubelet must request its "
          "serving "
          "certificate from the API (serverTLSBootstrap), unless it is given one of its own.",
          "特性门控 RotateKubeletServerCertificate 不得关闭，且 kubelet 必须通过 API 申请服务证书"
          "（serverTLSBootstrap），已配置自有证书的除外。"},
    Words{"event-qps",
          "The rate at which the kubelet records events must be 0 (no limit) or at least {minimum}.",
          "kubelet 记录事件的速率必须为 0（不限制），或不小于 {minimum}。"},
};

// The part of a sentence that depends on which argument is given.
std::string rule_of(const Requirement& requirement, const BuiltinCheck& check, Language language) {
  const auto words = [&](std::string_view key) -> std::string {
    const Operand* operand = check.argument(key);
    return operand ? operand_words(requirement, *operand, language) : std::string();
  };
  if (const auto v = words("contains"); !v.empty())
    return sayf(language, "must include {}", "必须包含 {}", v);
  if (const auto v = words("lacks"); !v.empty())
    return sayf(language, "must not include {}", "不得包含 {}", v);
  if (const auto v = words("mode"); !v.empty()) {
    return sayf(language, "must have no permission bit outside {}", "权限位不得超出 {}", v);
  }
  if (const auto v = words("owner"); !v.empty())
    return sayf(language, "must belong to {}", "属主属组必须为 {}", v);
  return {};
}

void replace(std::string& text, const std::string& what, const std::string& by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

}  // namespace

std::string builtin_words(const Requirement& requirement, const BuiltinCheck& check, Language language) {
  for (const Words& words : kWords) {
    if (words.name != check.name) continue;
    std::string text(say(language, words.en, words.zh));
    replace(text, "{rule}", rule_of(requirement, check, language));
    for (const auto& [key, operand] : check.with) {
      replace(text, "{" + key + "}", operand_words(requirement, operand, language));
    }
    return text;
  }
  return {};
}

}  // namespace baseline::cli
