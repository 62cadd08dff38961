#pragma once

#include <string_view>

#include "baseline/facts/facts.pb.h"

namespace baseline::runner {

// Fills user … base_name of an image from the text of its configuration (OCI image specification, or Docker's
// form of it) and sets config_read; when it cannot be read config_read stays false and the reason is added to
// error. Names leave this function, values never do. Pure, and it takes any bytes.
void read_image_config(std::string_view text, facts::Image& image);

}  // namespace baseline::runner
