#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/time.h"
#include "baseline/profile.h"
#include "controllers/scan_observer.h"
#include "controllers/scan_reconciler.h"
#include "kube/client.h"
#include "kube/events.h"

namespace baseline::controllers {

struct ManagerOptions {
  ScanSettings scans;
  StandardLookup standards;
  int workers = 2;  // scans and profiles reconciled at once
  // A reconcile that failed, a watch in trouble: for the log. Called on any of the manager's threads.
  std::function<void(const std::string& what, const base::Error& error)> on_error;
  // Before each reconcile, on the thread that does it.
  std::function<void(const std::string& controller)> on_begin;
  // After it, on the same thread: controller ("scan", "profile"), whether it succeeded, seconds.
  std::function<void(const std::string& controller, bool succeeded, double seconds)> on_reconcile;
};

// Watches the six kinds of objects the reconcilers look at and calls the reconcilers when something changed.
// Owns its threads: one for each watch, `workers` for reconciling. start() only while leading.
class Manager {
 public:
  // Everything passed by reference must outlive it.
  Manager(const kube::Client& client, const base::Clock& clock, kube::EventRecorder& events,
          ScanObserver& observer, ManagerOptions options);
  ~Manager();  // stops
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;

  void start();
  // Lets reconciles under way end, then joins every thread. Idempotent.
  void stop();

  // Every watch has its first list. Any thread.
  bool synced() const;
  // What the watches struggle with now, one line for each; empty when all is well. Any thread.
  std::string trouble() const;
  std::size_t queue_depth() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace baseline::controllers
