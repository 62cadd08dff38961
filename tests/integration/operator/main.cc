#include "integration/support/control_plane.h"

// The controller manager makes pods of Jobs, tokens of service accounts, and removes what an owner leaves
// behind. Nobody schedules: a pod waits for ever, as on a node that never starts it. The audit log goes into
// the API server's log.
int main(int argc, char** argv) {
  return baseline::integration::run_tests(
      argc, argv,
      {.with = "controller-manager",
       .flags = {"--audit-policy-file=" PROJECT_DIR "/tests/integration/operator/audit-policy.yaml",
                 "--audit-log-path=-"}});
}
