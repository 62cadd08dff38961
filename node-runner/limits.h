#pragma once

#include <chrono>
#include <cstddef>

namespace baseline::runner {

// What may be read on behalf of one source.
struct Share {
  std::size_t bytes;
  std::size_t files;  // looked at
};

// Bounds on one collection, against a broken or hostile host. Reaching one is a CollectionError, never
// silence.
struct Limits {
  std::size_t file_bytes = std::size_t{4} << 20;         // of one configuration file
  std::size_t certificate_bytes = std::size_t{1} << 20;  // of one file of certificates
  std::size_t argv_bytes = std::size_t{2} << 20;         // of one command line
  std::size_t socket_table_bytes = std::size_t{1} << 20;
  std::size_t total_bytes = std::size_t{64} << 20;  // read in all
  std::size_t files = 10'000;                       // looked at in all
  std::size_t directory_entries = 4096;
  std::size_t directory_depth = 8;
  std::size_t process_entries = 65'536;
  std::size_t processes = 128;                            // of components on the host and in static pods
  std::size_t pod_processes = 16;                         // of one component in the pods of system namespaces
  std::size_t tenant_processes = 8;                       // of one component in all other pods
  std::size_t tenant_argv_bytes = std::size_t{64} << 10;  // of one command line there
  std::size_t tenant_descriptors = 4096;
  Share pod_share{std::size_t{4} << 20, 100};      // of one component in the pods of system namespaces
  Share tenant_share{std::size_t{512} << 10, 60};  // of one component in all other pods
  std::size_t lookalikes = 1000;                   // rows
  std::size_t descriptors = 65'536;
  std::size_t settings = 20'000;  // of one configuration file
  std::size_t total_settings = 60'000;
  std::size_t configs = 512;
  std::size_t certificates = 1024;
  std::size_t image_document_bytes = std::size_t{4} << 20;  // of one manifest or configuration of an image
  std::size_t store_entries = 20'000;                       // images that a container store knows
  std::size_t containers = 4096;
  std::size_t images = 1024;
  std::size_t walk_files = 200'000;              // of one image's root filesystem
  std::chrono::milliseconds walk_time{10'000};   // for one image's root filesystem
  std::chrono::milliseconds walk_total{60'000};  // for those of all images, beyond `time`
  std::chrono::milliseconds time{20'000};        // for all else
};

}  // namespace baseline::runner
