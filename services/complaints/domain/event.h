#ifndef SERVICES_COMPLAINTS_DOMAIN_EVENT_H_
#define SERVICES_COMPLAINTS_DOMAIN_EVENT_H_

// What complaints tells the world. No personal values and no texts.

#include <cstdint>
#include <string>
#include <variant>

#include "absl/time/time.h"
#include "services/complaints/domain/complaint.h"
#include "services/complaints/domain/ids.h"
#include "services/complaints/domain/remedy.h"

namespace clientele::complaints {

struct PriorityValue {
  int rank = 0;
  Tier tier = Tier::kUnknown;
};

struct ComplaintFiled {
  Channel channel;
  Type type;
  int severity;
  bool safety;
  PriorityValue priority;
};

struct ComplaintStateChanged {
  ComplaintState previous_state;
  ComplaintState state;
  Finding finding;
  Relief relief;
  int32_t reopen_count;
};

struct ComplaintPriorityChanged {
  PriorityValue previous_priority;
  PriorityValue priority;
};

// Also when a remedy is proposed.
struct RemedyStateChanged {
  RemedyId remedy_id;
  RemedyKind kind;
  RemedyState previous_state;
  RemedyState state;
  int64_t points;
  std::string failure_reason;
  std::string ledger_transaction_id;
};

using EventBody = std::variant<ComplaintFiled, ComplaintStateChanged, ComplaintPriorityChanged,
                               RemedyStateChanged>;

struct Event {
  CustomerId customer_id;
  int64_t feed_seq = 0;  // its number among the customer's events, dense from 1
  absl::Time occur_time;
  ComplaintId complaint_id;
  int64_t version = 0;  // of the complaint, after the event
  EventBody body;
};

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_DOMAIN_EVENT_H_
