#include "integration/support/control_plane.h"

int main(int argc, char** argv) {
  return baseline::integration::run_tests(argc, argv, {});
}
