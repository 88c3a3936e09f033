#ifndef SERVICES_PROFILE_STORE_SQL_CLEAR_TEXTS_H_
#define SERVICES_PROFILE_STORE_SQL_CLEAR_TEXTS_H_

// Every statement about texts that an earlier release stored in the clear. Their places are those
// of places.h.

#include "common/sealing/upkeep.h"

namespace clientele::profile {

inline constexpr sealing::TextColumn kTextColumns[] = {
    {"customer_fact.value",
     {"SelectCustomersOfClearFacts",
      "SELECT DISTINCT customer_id FROM customer_fact WHERE value <> '' ORDER BY customer_id "
      "LIMIT $1"},
     {"SelectClearFacts",
      "SELECT value, fact_id FROM customer_fact WHERE customer_id = $1 AND value <> '' LIMIT $2"},
     {"SealFact",
      "UPDATE customer_fact SET value = '', value_sealed = $1 WHERE customer_id = $2 AND "
      "fact_id = $3 AND value = $4"}},
    {"customer_identifier.value",
     {"SelectCustomersOfClearIdentifiers",
      "SELECT DISTINCT customer_id FROM customer_identifier WHERE value <> '' ORDER BY customer_id "
      "LIMIT $1"},
     {"SelectClearIdentifiers",
      "SELECT value, identifier_hash FROM customer_identifier WHERE customer_id = $1 AND "
      "value <> '' LIMIT $2"},
     {"SealIdentifier",
      "UPDATE customer_identifier SET value = '', value_sealed = $1 WHERE customer_id = $2 AND "
      "identifier_hash = $3 AND value = $4"}},
    {"purchase_refund.reason",
     {"SelectCustomersOfClearReasons",
      "SELECT DISTINCT customer_id FROM purchase_refund WHERE reason <> '' ORDER BY customer_id "
      "LIMIT $1"},
     {"SelectClearReasons",
      "SELECT reason, purchase_id || '/' || refund_number FROM purchase_refund "
      "WHERE customer_id = $1 AND reason <> '' LIMIT $2"},
     {"SealReason",
      "UPDATE purchase_refund SET reason = '', reason_sealed = $1 WHERE customer_id = $2 AND "
      "purchase_id || '/' || refund_number = $3 AND reason = $4"}},
};

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_STORE_SQL_CLEAR_TEXTS_H_
