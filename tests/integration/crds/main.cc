#include "integration/support/control_plane.h"

// --kubernetes 1.20 holds the same against the oldest version.
int main(int argc, char** argv) {
  return baseline::integration::run_tests(argc, argv, {});
}
