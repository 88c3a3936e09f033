#include "services/complaints/testing/fake_neighbours.h"

#include <grpcpp/server_builder.h>

#include <chrono>

#include "absl/strings/str_cat.h"
#include "common/rpc/status_mapping.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace clientele::complaints {
namespace {

namespace profile_pb = clientele::profile::v1;
namespace loyalty_pb = clientele::loyalty::v1;

using Lock = std::unique_lock<std::mutex>;

grpc::Status Named(absl::StatusCode code, absl::string_view reason) {
  return rpc::ToGrpcStatus(ErrorBuilder(code, reason, "no").Build(), "fake.clientele");
}

grpc::Status Away() { return {grpc::StatusCode::UNAVAILABLE, "away"}; }

}  // namespace

class FakeNeighbours::Customers final : public profile_pb::CustomerService::Service {
 public:
  explicit Customers(FakeNeighbours& all) : all_(all) {}

  grpc::Status GetCustomer(grpc::ServerContext*, const profile_pb::GetCustomerRequest* request,
                           profile_pb::Customer* response) override {
    const Lock lock(all_.mutex_);
    if (all_.profile_fault_ != Fault::kNone) {
      return Away();
    }
    if (all_.customers_.count(request->customer_id()) == 0) {
      return Named(absl::StatusCode::kNotFound, "CUSTOMER_NOT_FOUND");
    }
    response->set_customer_id(request->customer_id());
    return grpc::Status::OK;
  }

  grpc::Status BatchGetCustomers(grpc::ServerContext*,
                                 const profile_pb::BatchGetCustomersRequest* request,
                                 profile_pb::BatchGetCustomersResponse* response) override {
    const Lock lock(all_.mutex_);
    if (all_.profile_fault_ != Fault::kNone) {
      return Away();
    }
    for (const std::string& id : request->customer_ids()) {
      if (all_.customers_.count(id) == 0) {
        response->add_missing_customer_ids(id);
      } else {
        response->add_customers()->set_customer_id(id);
      }
    }
    return grpc::Status::OK;
  }

 private:
  FakeNeighbours& all_;
};

class FakeNeighbours::Members final : public loyalty_pb::MemberService::Service {
 public:
  explicit Members(FakeNeighbours& all) : all_(all) {}

  grpc::Status GetTier(grpc::ServerContext*, const loyalty_pb::GetTierRequest* request,
                       loyalty_pb::MemberTier* response) override {
    const Lock lock(all_.mutex_);
    if (all_.loyalty_fault_ != Fault::kNone) {
      return Away();
    }
    const auto tier = all_.tiers_.find(request->customer_id());
    if (tier == all_.tiers_.end()) {
      return Named(absl::StatusCode::kNotFound, "MEMBER_NOT_FOUND");
    }
    response->set_customer_id(tier->first);
    response->set_tier(tier->second);
    return grpc::Status::OK;
  }

  grpc::Status BatchGetTiers(grpc::ServerContext*, const loyalty_pb::BatchGetTiersRequest* request,
                             loyalty_pb::BatchGetTiersResponse* response) override {
    const Lock lock(all_.mutex_);
    if (all_.loyalty_fault_ != Fault::kNone) {
      return Away();
    }
    for (const std::string& id : request->customer_ids()) {
      const auto tier = all_.tiers_.find(id);
      if (tier == all_.tiers_.end()) {
        response->add_missing_customer_ids(id);
        continue;
      }
      loyalty_pb::MemberTier& added = *response->add_tiers();
      added.set_customer_id(id);
      added.set_tier(tier->second);
    }
    return grpc::Status::OK;
  }

 private:
  FakeNeighbours& all_;
};

// Idempotent and voiding as loyalty's contract says.
class FakeNeighbours::Ledger final : public loyalty_pb::LedgerService::Service {
 public:
  explicit Ledger(FakeNeighbours& all) : all_(all) {}

  grpc::Status Adjust(grpc::ServerContext* context, const loyalty_pb::AdjustRequest* request,
                      loyalty_pb::LedgerEntry* response) override {
    Fault fault = Fault::kNone;
    {
      const Lock lock(all_.mutex_);
      ++all_.ledger_call_count_;
      fault = all_.loyalty_fault_;
      if (fault == Fault::kAway) {
        return Away();
      }
      if (all_.voided_.count(request->request_id()) > 0) {
        return Named(absl::StatusCode::kFailedPrecondition, "REQUEST_ID_VOIDED");
      }
      if (all_.entries_.count(request->request_id()) == 0) {
        if (all_.tiers_.count(request->customer_id()) == 0) {
          return Named(absl::StatusCode::kNotFound, "MEMBER_NOT_FOUND");
        }
        ++all_.give_count_;
        all_.entries_[request->request_id()] = {request->customer_id(), request->points(),
                                                absl::StrCat("t-", all_.give_count_)};
      }
      response->set_transaction_id(all_.entries_.at(request->request_id()).transaction_id);
    }
    return all_.Finish(fault, *context);
  }

  grpc::Status Reverse(grpc::ServerContext* context, const loyalty_pb::ReverseRequest* request,
                       loyalty_pb::ReverseResponse* response) override {
    Fault fault = Fault::kNone;
    {
      const Lock lock(all_.mutex_);
      ++all_.ledger_call_count_;
      fault = all_.loyalty_fault_;
      if (fault == Fault::kAway) {
        return Away();
      }
      if (all_.reverse_refusal_ != absl::StatusCode::kOk) {
        return Named(all_.reverse_refusal_, all_.reverse_refusal_reason_);
      }
      const bool existed = all_.entries_.erase(request->original_request_id()) > 0;
      all_.voided_.insert(request->original_request_id());
      response->set_outcome(existed ? loyalty_pb::ReverseResponse::OUTCOME_REVERSED
                                    : loyalty_pb::ReverseResponse::OUTCOME_VOIDED);
    }
    return all_.Finish(fault, *context);
  }

 private:
  FakeNeighbours& all_;
};

FakeNeighbours::FakeNeighbours(grpc::Service* feed)
    : customer_service_(std::make_unique<Customers>(*this)),
      member_service_(std::make_unique<Members>(*this)),
      ledger_service_(std::make_unique<Ledger>(*this)) {
  grpc::ServerBuilder builder;
  builder.RegisterService(customer_service_.get());
  builder.RegisterService(member_service_.get());
  builder.RegisterService(ledger_service_.get());
  if (feed != nullptr) {
    builder.RegisterService(feed);
  }
  server_ = builder.BuildAndStart();
  CLIENTELE_CHECK(server_ != nullptr);
}

FakeNeighbours::~FakeNeighbours() {
  {
    const Lock lock(mutex_);
    ending_ = true;
    changed_.notify_all();
  }
  server_->Shutdown(std::chrono::system_clock::now());
}

Channels FakeNeighbours::channels() {
  return {.profile = server_->InProcessChannel({}), .loyalty = server_->InProcessChannel({})};
}

void FakeNeighbours::SetProfile(Fault fault) {
  const Lock lock(mutex_);
  profile_fault_ = fault;
}

void FakeNeighbours::SetLoyalty(Fault fault) {
  const Lock lock(mutex_);
  loyalty_fault_ = fault;
  changed_.notify_all();
}

void FakeNeighbours::Forget(const std::string& customer_id) {
  const Lock lock(mutex_);
  customers_.erase(customer_id);
}

void FakeNeighbours::SetTier(const std::string& customer_id, const std::string& tier) {
  const Lock lock(mutex_);
  if (tier.empty()) {
    tiers_.erase(customer_id);
  } else {
    tiers_[customer_id] = tier;
  }
}

void FakeNeighbours::RefuseReverse(absl::StatusCode code, const std::string& reason) {
  const Lock lock(mutex_);
  reverse_refusal_ = code;
  reverse_refusal_reason_ = reason;
}

int64_t FakeNeighbours::Points(const std::string& customer_id) {
  const Lock lock(mutex_);
  int64_t points = 0;
  for (const auto& entry : entries_) {
    points += entry.second.customer_id == customer_id ? entry.second.points : 0;
  }
  return points;
}

int FakeNeighbours::give_count() {
  const Lock lock(mutex_);
  return give_count_;
}

int FakeNeighbours::ledger_call_count() {
  const Lock lock(mutex_);
  return ledger_call_count_;
}

grpc::Status FakeNeighbours::Finish(Fault fault, grpc::ServerContext& context) {
  if (fault == Fault::kLoseAnswer) {
    return Away();
  }
  if (fault == Fault::kHang) {
    Lock lock(mutex_);
    // A caller who gives up does not notify; looking again and again finds it.
    while (!ending_ && loyalty_fault_ == Fault::kHang && !context.IsCancelled()) {
      changed_.wait_for(lock, std::chrono::milliseconds(5));
    }
  }
  return grpc::Status::OK;
}

}  // namespace clientele::complaints
