#ifndef SERVICES_COMPLAINTS_TESTING_API_FIXTURE_H_
#define SERVICES_COMPLAINTS_TESTING_API_FIXTURE_H_

// Complaints' handlers and jobs without a server and without threads of their own, on SQLite in
// memory with clocks that stand still, beside fake neighbours.

#include <string>
#include <vector>

#include "clientele/complaints/v1/complaint_service.pb.h"
#include "common/handler/testing/handler_fixture.h"
#include "services/complaints/api/handlers/api_context.h"
#include "services/complaints/api/handlers/complaint_filing.h"
#include "services/complaints/api/handlers/complaint_reads.h"
#include "services/complaints/api/handlers/complaint_writes.h"
#include "services/complaints/api/handlers/remedy_writes.h"
#include "services/complaints/jobs/customer_repair.h"
#include "services/complaints/jobs/remedy_executor.h"
#include "services/complaints/testing/fake_neighbours.h"

namespace clientele::complaints {

// Not thread-safe but for what `api()` gives.
class ApiFixture : public HandlerFixture {
 private:
  // First, as the handlers refer to them.
  std::vector<Event> told_;
  std::vector<JobFailure> job_failures_;
  FakeNeighbours neighbours_;
  ApiContext api_;
  RemedyExecutor executor_;
  CustomerRepair repair_;

 public:
  ApiFixture();

  ApiContext& api() { return api_; }
  FakeNeighbours& neighbours() { return neighbours_; }

  // The executor that ApproveRemedy uses; three attempts, each of a tenth of a second.
  RemedyExecutor& executor() { return executor_; }
  CustomerRepair& repair() { return repair_; }

  // Events told after their commit.
  const std::vector<Event>& told() const { return told_; }
  // Failures the jobs reported.
  const std::vector<JobFailure>& job_failures() const { return job_failures_; }

  const ComplaintFiling filing;
  const ComplaintReads reads;
  const ComplaintWrites writes;
  const RemedyWrites remedies;

  // Files the complaint "late" of a customer; aborts when that is refused.
  v1::Complaint File(const std::string& customer_id = "c-1");
  v1::Complaint Get(const std::string& customer_id = "c-1");
  // The same, acknowledged, with a remedy of 500 points; answers the remedy's id.
  std::string FileWithRemedy(const std::string& customer_id = "c-1");
  absl::StatusOr<v1::Complaint> Approve(const std::string& remedy_id,
                                        const std::string& customer_id = "c-1");
  std::vector<v1::TimelineEntry> Timeline(const std::string& customer_id = "c-1");
};

// A well-formed FileComplaint of the complaint "late".
v1::FileComplaintRequest MakeFileRequest(const std::string& customer_id);

// A request on the complaint "late".
template <typename Request>
Request MakeRequest(const std::string& customer_id = "c-1") {
  Request request;
  request.set_customer_id(customer_id);
  request.set_complaint_id("late");
  return request;
}

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_TESTING_API_FIXTURE_H_
