#pragma once

#include "baseline/check.h"
#include "baseline/checks/check_context.h"

// The functions behind the builtins of checks/builtins.cc, one requirement or two each.
namespace baseline {

CheckOutcome check_anonymous_auth(const CheckContext& context, const BuiltinCheck& check);      // 5.1.2.1
CheckOutcome check_authorization_mode(const CheckContext& context, const BuiltinCheck& check);  // 5.1.2.3-5
CheckOutcome check_security_context_deny(const CheckContext& context, const BuiltinCheck& check);  // 5.1.2.17
CheckOutcome check_external_ips(const CheckContext& context, const BuiltinCheck& check);           // 5.1.2.21
CheckOutcome check_encryption_provider(const CheckContext& context, const BuiltinCheck& check);    // 5.1.4.2
CheckOutcome check_audit_policy(const CheckContext& context, const BuiltinCheck& check);           // 5.1.5.5
CheckOutcome check_client_certificates(const CheckContext& context, const BuiltinCheck& check);    // 5.1.6.3
CheckOutcome check_etcd_separate_ca(const CheckContext& context, const BuiltinCheck& check);       // 5.4.2.7
CheckOutcome check_read_only_port(const CheckContext& context, const BuiltinCheck& check);         // 5.6.2.1
CheckOutcome check_serving_certificate(const CheckContext& context, const BuiltinCheck& check);    // 5.6.2.3
CheckOutcome check_server_rotation(const CheckContext& context, const BuiltinCheck& check);        // 5.6.2.6
CheckOutcome check_registry_transport(const CheckContext& context, const BuiltinCheck& check);     // 5.7.1.19
CheckOutcome check_cni_policies(const CheckContext& context, const BuiltinCheck& check);           // 5.8.2.1

}  // namespace baseline
