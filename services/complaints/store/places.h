#ifndef SERVICES_COMPLAINTS_STORE_PLACES_H_
#define SERVICES_COMPLAINTS_STORE_PLACES_H_

// Where the sealed texts of complaints stand. Changing what is said here makes stored texts
// unreadable. Internal to the store; views must outlive the place.

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/sealing/customer_keys.h"
#include "services/complaints/domain/complaint.h"

namespace clientele::complaints {

// A text of a complaint, with its two columns in the order of kComplaintColumns.
struct ComplaintText {
  absl::string_view column;
  std::string Complaint::*text;
  int plain_column;
  int sealed_column;
};
inline constexpr ComplaintText kComplaintTexts[] = {
    {"complaint.subject", &Complaint::subject, 8, 30},
    {"complaint.description", &Complaint::description, 9, 31},
    {"complaint.desired_remedy", &Complaint::desired_remedy, 10, 32},
    {"complaint.resolution", &Complaint::resolution, 11, 33}};

// That of the complaint's text.
inline sealing::Place PlaceOf(const Complaint& complaint, const ComplaintText& text) {
  return {.customer_id = complaint.customer_id.value(),
          .column = text.column,
          .row = complaint.id.value()};
}

// Of `row` EntryRow(complaint_id, entry_number).
inline sealing::Place EntryPlace(absl::string_view customer_id, absl::string_view row) {
  return {.customer_id = customer_id, .column = "complaint_timeline.text", .row = row};
}
inline std::string EntryRow(absl::string_view complaint_id, int64_t entry_number) {
  return absl::StrCat(complaint_id, "/", entry_number);
}

// Of `row` RemedyRow(complaint_id, remedy_id).
inline sealing::Place RemedyPlace(absl::string_view customer_id, absl::string_view row) {
  return {.customer_id = customer_id, .column = "remedy.description", .row = row};
}
inline std::string RemedyRow(absl::string_view complaint_id, absl::string_view remedy_id) {
  return absl::StrCat(complaint_id, "/", remedy_id);
}

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_STORE_PLACES_H_
