#ifndef SERVICES_COMPLAINTS_TESTING_FAKE_NEIGHBOURS_H_
#define SERVICES_COMPLAINTS_TESTING_FAKE_NEIGHBOURS_H_

// For tests only: profile and loyalty as complaints sees them, within the process, with faults.

#include <grpcpp/server.h>

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "services/complaints/api/handlers/api_context.h"

namespace clientele::complaints {

// What a server does with a call.
enum class Fault {
  kNone,
  kAway,        // UNAVAILABLE, without any effect
  kLoseAnswer,  // the effect, and then UNAVAILABLE
  kHang,        // the effect, and then no answer before the deadline
};

// Thread-safe.
class FakeNeighbours {
 public:
  // Profile knows c-1, c-2 and c-3; of these c-1 is GOLD, c-2 BASE, c-3 not a member. `feed`, when
  // given, is loyalty's EventService and outlives it.
  explicit FakeNeighbours(grpc::Service* feed = nullptr);
  // Ends calls that hang.
  ~FakeNeighbours();

  Channels channels();

  void SetProfile(Fault fault);
  void SetLoyalty(Fault fault);
  // Profile forgets the customer.
  void Forget(const std::string& customer_id);
  // "" = no member any more.
  void SetTier(const std::string& customer_id, const std::string& tier);

  // Loyalty refuses every Reverse with this named error, without any effect; kOk = no more.
  void RefuseReverse(absl::StatusCode code, const std::string& reason);

  // Points the customer has been given in all, what was taken back subtracted.
  int64_t Points(const std::string& customer_id);
  // How often points were given: what must never be more than once per remedy.
  int give_count();
  // Calls of Adjust and Reverse, with effect or not.
  int ledger_call_count();

 private:
  class Customers;
  class Members;
  class Ledger;

  struct Entry {
    std::string customer_id;
    int64_t points = 0;
    std::string transaction_id;
  };

  // What is left to do after an effect: answers the status to send.
  grpc::Status Finish(Fault fault, grpc::ServerContext& context);

  std::mutex mutex_;
  std::condition_variable changed_;
  bool ending_ = false;
  Fault profile_fault_ = Fault::kNone;
  Fault loyalty_fault_ = Fault::kNone;
  std::set<std::string> customers_ = {"c-1", "c-2", "c-3"};
  std::map<std::string, std::string> tiers_ = {{"c-1", "GOLD"}, {"c-2", "BASE"}};
  std::map<std::string, Entry> entries_;  // by request_id
  std::set<std::string> voided_;
  absl::StatusCode reverse_refusal_ = absl::StatusCode::kOk;
  std::string reverse_refusal_reason_;
  int give_count_ = 0;
  int ledger_call_count_ = 0;

  std::unique_ptr<Customers> customer_service_;
  std::unique_ptr<Members> member_service_;
  std::unique_ptr<Ledger> ledger_service_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_TESTING_FAKE_NEIGHBOURS_H_
