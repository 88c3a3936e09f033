#ifndef SERVICES_COMPLAINTS_STORE_SQL_CLEAR_TEXTS_H_
#define SERVICES_COMPLAINTS_STORE_SQL_CLEAR_TEXTS_H_

// Every statement about texts that an earlier release stored in the clear. Their places are those
// of places.h.

#include "common/sealing/upkeep.h"

namespace clientele::complaints {

inline constexpr sealing::TextColumn kTextColumns[] = {
    {"complaint.subject",
     {"SelectCustomersOfClearComplaintSubject",
      "SELECT DISTINCT customer_id FROM complaint WHERE subject <> '' ORDER BY customer_id "
      "LIMIT $1"},
     {"SelectClearComplaintSubject",
      "SELECT subject, complaint_id FROM complaint "
      "WHERE customer_id = $1 AND subject <> '' LIMIT $2"},
     {"SealComplaintSubject",
      "UPDATE complaint SET subject = '', subject_sealed = $1 WHERE customer_id = $2 AND "
      "complaint_id = $3 AND subject = $4"}},
    {"complaint.description",
     {"SelectCustomersOfClearComplaintDescription",
      "SELECT DISTINCT customer_id FROM complaint WHERE description <> '' ORDER BY customer_id "
      "LIMIT $1"},
     {"SelectClearComplaintDescription",
      "SELECT description, complaint_id FROM complaint "
      "WHERE customer_id = $1 AND description <> '' LIMIT $2"},
     {"SealComplaintDescription",
      "UPDATE complaint SET description = '', description_sealed = $1 WHERE customer_id = $2 AND "
      "complaint_id = $3 AND description = $4"}},
    {"complaint.desired_remedy",
     {"SelectCustomersOfClearComplaintWish",
      "SELECT DISTINCT customer_id FROM complaint WHERE desired_remedy <> '' ORDER BY customer_id "
      "LIMIT $1"},
     {"SelectClearComplaintWish",
      "SELECT desired_remedy, complaint_id FROM complaint "
      "WHERE customer_id = $1 AND desired_remedy <> '' LIMIT $2"},
     {"SealComplaintWish",
      "UPDATE complaint SET desired_remedy = '', desired_remedy_sealed = $1 WHERE customer_id = $2 "
      "AND "
      "complaint_id = $3 AND desired_remedy = $4"}},
    {"complaint.resolution",
     {"SelectCustomersOfClearComplaintResolution",
      "SELECT DISTINCT customer_id FROM complaint WHERE resolution <> '' ORDER BY customer_id "
      "LIMIT $1"},
     {"SelectClearComplaintResolution",
      "SELECT resolution, complaint_id FROM complaint "
      "WHERE customer_id = $1 AND resolution <> '' LIMIT $2"},
     {"SealComplaintResolution",
      "UPDATE complaint SET resolution = '', resolution_sealed = $1 WHERE customer_id = $2 AND "
      "complaint_id = $3 AND resolution = $4"}},
    {"complaint_timeline.text",
     {"SelectCustomersOfClearTimelineText",
      "SELECT DISTINCT customer_id FROM complaint_timeline WHERE text <> '' ORDER BY customer_id "
      "LIMIT $1"},
     {"SelectClearTimelineText",
      "SELECT text, complaint_id || '/' || CAST(entry_number AS TEXT) FROM complaint_timeline "
      "WHERE customer_id = $1 AND text <> '' LIMIT $2"},
     {"SealTimelineText",
      "UPDATE complaint_timeline SET text = '', text_sealed = $1 WHERE customer_id = $2 AND "
      "complaint_id || '/' || CAST(entry_number AS TEXT) = $3 AND text = $4"}},
    {"remedy.description",
     {"SelectCustomersOfClearRemedyDescription",
      "SELECT DISTINCT customer_id FROM remedy WHERE description <> '' ORDER BY customer_id "
      "LIMIT $1"},
     {"SelectClearRemedyDescription",
      "SELECT description, complaint_id || '/' || remedy_id FROM remedy "
      "WHERE customer_id = $1 AND description <> '' LIMIT $2"},
     {"SealRemedyDescription",
      "UPDATE remedy SET description = '', description_sealed = $1 WHERE customer_id = $2 AND "
      "complaint_id || '/' || remedy_id = $3 AND description = $4"}},
};

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_STORE_SQL_CLEAR_TEXTS_H_
