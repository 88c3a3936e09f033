#ifndef COMMON_SERVER_SERVICE_MODULE_H_
#define COMMON_SERVER_SERVICE_MODULE_H_

// What a service of the suite is to the process that serves it.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/feed/consumer_status.h"
#include "common/feed/event_exporter.h"
#include "common/rpc/rpc_server.h"
#include "common/sql/migration.h"

namespace clientele::server {

class ServiceRuntime;

// The running service. Its functions are called by one thread.
class ServiceModule {
 public:
  ServiceModule() = default;
  ServiceModule(const ServiceModule&) = delete;
  ServiceModule& operator=(const ServiceModule&) = delete;
  virtual ~ServiceModule() = default;

  // Its gRPC services but EventService; valid as long as the module.
  virtual std::vector<rpc::ServedService> Services() = 0;

  // The feeds it consumes, valid as long as the module; the service is not ready once one of them
  // is not followed any more.
  virtual std::vector<const feed::ConsumerStatusSource*> Consumers() = 0;

  // What consumers of its feed that come late begin with, valid as long as the module; null when
  // it exports nothing.
  virtual const feed::EventExporter* Exporter() { return nullptr; }

  // Begins its background work, once it serves.
  virtual void Start() = 0;

  // Ends its background work; calls may still come. Idempotent.
  virtual void Stop() = 0;

  // Reads what its metrics say about what it stores, in bounded time; called every 15 seconds on a
  // thread of its own while the module runs.
  virtual absl::Status Measure() { return absl::OkStatus(); }

  // Deletes what has outlived its retention, in bounded pieces; called once an hour on a thread of
  // its own while the module runs.
  virtual absl::Status Tidy() = 0;
};

// What differs between services.
struct ServiceDefinition {
  std::string service;                     // "profile"
  std::vector<std::string> grpc_services;  // full names, EventService included
  std::vector<sql::Migration> migrations;  // all of its database's, ascending
  std::vector<std::string> event_types;    // every type its feed may hold
  std::vector<std::string> cache_kinds;    // every cache::Kind::name it reads through the cache
  // Makes the module on a database with its schema; the runtime outlives it.
  std::function<std::unique_ptr<ServiceModule>(ServiceRuntime&)> make_module;
};

}  // namespace clientele::server

#endif  // COMMON_SERVER_SERVICE_MODULE_H_
