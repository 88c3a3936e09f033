#ifndef COMMON_SERVER_SERVICE_MODULE_H_
#define COMMON_SERVER_SERVICE_MODULE_H_

// What a service of the suite is to the process that serves it.

#include <cstdint>
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

  // Its gRPC services but EventService and AuditService; valid as long as the module.
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

  // Seals some of what an earlier release stored in the clear, or brings some keys under the
  // present key-encryption key, in one short transaction, as Shutdown waits for it. Answers whether
  // there may be more: then it is called again at once, else in a minute; on a thread of its own
  // while the module of a service that `seals` runs.
  virtual absl::StatusOr<bool> Seal() { return false; }

  // Deletes what has outlived its retention, in bounded pieces, and answers how many rows; called
  // once an hour on a thread of its own while the module runs.
  virtual absl::StatusOr<int64_t> Tidy() = 0;
};

// What differs between services.
struct ServiceDefinition {
  std::string service;                     // "profile"
  std::vector<std::string> grpc_services;  // full names, those of the runtime included
  std::vector<sql::Migration> migrations;  // all of its database's, ascending
  std::vector<std::string> event_types;    // every type its feed may hold
  std::vector<std::string> cache_kinds;    // every cache::Kind::name it reads through the cache
  // What it calls of other services, for metrics: "/clientele.profile.v1.CustomerService/Get…".
  std::vector<std::string> called_methods;
  bool seals = false;  // it stores personal texts and has the tables of common/sealing
  // The keys of its configuration that say where the services are that it calls; they outlive it.
  std::vector<const std::string*> peer_addresses;
  // Makes the module on a database with its schema; the runtime outlives it.
  std::function<std::unique_ptr<ServiceModule>(ServiceRuntime&)> make_module;
};

}  // namespace clientele::server

#endif  // COMMON_SERVER_SERVICE_MODULE_H_
