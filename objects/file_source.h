#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "baseline/version.h"
#include "objects/object_sink.h"

namespace baseline::objects {

struct FileOptions {
  std::optional<Version> version{};           // of the API server they are meant for, where it is known
  std::string default_namespace = "default";  // of objects that name none
  std::size_t max_file_bytes = 64U << 20;
  std::size_t max_files = 20'000;
};

struct FileSummary {
  std::size_t files = 0;
  std::size_t objects = 0;  // given to the sink
  std::map<std::string, std::size_t>
      skipped;                 // of kinds that no requirement asks for: "apps/v1 ControllerRevision"
  std::size_t no_objects = 0;  // documents without apiVersion and kind: values of charts, and the like
  // Everything that could not be read, with file and line, in the order in which it was met. Not empty: the
  // verdicts are about less than was given.
  std::vector<base::Error> errors;
};

// Reads manifests from files and from folders with all that is below them: YAML of many documents, JSON,
// Lists. Objects of workloads become the pods that they make. A broken document or a template that was not
// rendered costs only itself. The kinds that were given are read; one of which an object could not be
// understood is unreadable; the sink is told nothing of the others.
FileSummary read_manifests(const std::vector<std::filesystem::path>& paths, ObjectSink& sink,
                           const FileOptions& options = {});

}  // namespace baseline::objects
