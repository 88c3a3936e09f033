#ifndef SERVICES_PROFILE_STORE_SQL_CUSTOMER_H_
#define SERVICES_PROFILE_STORE_SQL_CUSTOMER_H_

// Every SQL statement about customers, their facts and identifiers.
//
// Statements that take many keys take kKeysPerStatement of them; what is left over repeats the last
// key, which changes no result.

#include "absl/strings/string_view.h"
#include "common/sql/database.h"
#include "common/sql/keyed_query.h"
#include "common/sql/text.h"

namespace clientele::profile {

inline constexpr size_t kKeysPerStatement = 16;

// Column order of a root row, everywhere: customer_id, kind, state, commercial_status,
// source_system, version, feed_seq, create_time, update_time, delete_time, region_code,
// language_code, create_occur_time, state_occur_time.
inline constexpr sql::Text kInsertCustomerHead =
    "INSERT INTO customer (customer_id, kind, state, commercial_status, source_system, version, "
    "feed_seq, create_time, update_time, delete_time, region_code, language_code, "
    "create_occur_time, state_occur_time) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";

inline constexpr sql::Statement kInsertCustomer{
    "InsertCustomer", sql::kTextOf<kInsertCustomerHead + " ON CONFLICT (customer_id) DO NOTHING">};

// An UPDATE that takes many rows a statement: the customer is there, and locked.
inline constexpr sql::Statement kChangeCustomer{
    "ChangeCustomer",
    sql::kTextOf<kInsertCustomerHead +
                 " ON CONFLICT (customer_id) DO UPDATE SET state = excluded.state, "
                 "commercial_status = excluded.commercial_status, version = excluded.version, "
                 "feed_seq = excluded.feed_seq, update_time = excluded.update_time, "
                 "delete_time = excluded.delete_time, region_code = excluded.region_code, "
                 "language_code = excluded.language_code, "
                 "state_occur_time = excluded.state_occur_time">};

inline constexpr sql::SizedStatement kSelectCustomers{
    {"SelectCustomers",
     "SELECT customer_id, kind, state, commercial_status, source_system, version, feed_seq, "
     "create_time, update_time, delete_time, region_code, language_code, create_occur_time, "
     "state_occur_time FROM customer "
     "WHERE customer_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, "
     "$16)"},
    kKeysPerStatement};

// Composed with a compiled filter whose parameters begin at $3. $1: after this id, $2: how many.
inline constexpr absl::string_view kListCustomersName = "ListCustomers";
inline constexpr absl::string_view kListCustomersHead =
    "SELECT customer_id, kind, state, commercial_status, source_system, version, feed_seq, "
    "create_time, update_time, delete_time, region_code, language_code, create_occur_time, "
    "state_occur_time FROM customer WHERE customer_id > $1 AND ";
inline constexpr absl::string_view kListCustomersTail = " ORDER BY customer_id LIMIT $2";

inline constexpr sql::Statement kInsertFact{
    "InsertFact",
    "INSERT INTO customer_fact (customer_id, fact_id, attribute, value, channel, source_system, "
    "occur_time, record_time, value_sealed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"};

inline constexpr sql::Statement kUpsertShownFact{
    "UpsertShownFact",
    "INSERT INTO customer_attribute (customer_id, attribute, fact_id) VALUES ($1, $2, $3) "
    "ON CONFLICT (customer_id, attribute) DO UPDATE SET fact_id = excluded.fact_id"};

// Column order of a fact, everywhere: customer_id, fact_id, attribute, value, channel,
// source_system, occur_time, record_time, value_sealed. `value` is '' where value_sealed is not
// NULL (common/sealing/sealed_column.h).
inline constexpr sql::SizedStatement kSelectShownFacts{
    {"SelectShownFacts",
     "SELECT f.customer_id, f.fact_id, f.attribute, f.value, f.channel, f.source_system, "
     "f.occur_time, f.record_time, f.value_sealed FROM customer_attribute a "
     "JOIN customer_fact f ON f.customer_id = a.customer_id AND f.fact_id = a.fact_id "
     "WHERE a.customer_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, "
     "$16)"},
    kKeysPerStatement};

// $1: whose, $2 and $3: before this record_time and fact_id, $4: how many. The last column is the
// fact shown for the attribute.
inline constexpr sql::Statement kListFacts{
    "ListFacts",
    "SELECT f.customer_id, f.fact_id, f.attribute, f.value, f.channel, f.source_system, "
    "f.occur_time, f.record_time, f.value_sealed, a.fact_id FROM customer_fact f "
    "JOIN customer_attribute a ON a.customer_id = f.customer_id AND a.attribute = f.attribute "
    "WHERE f.customer_id = $1 AND (f.record_time, f.fact_id) < ($2, $3) "
    "ORDER BY f.record_time DESC, f.fact_id DESC LIMIT $4"};

// An identifier that was ended in the same microsecond as it now begins is the same row.
inline constexpr sql::Statement kInsertIdentifier{
    "InsertIdentifier",
    "INSERT INTO customer_identifier (customer_id, identifier_hash, valid_from, type, system, "
    "value, value_sealed) VALUES ($1, $2, $3, $4, $5, $6, $7) "
    "ON CONFLICT (customer_id, identifier_hash, valid_from) DO UPDATE SET value = excluded.value, "
    "value_sealed = excluded.value_sealed, valid_to = NULL"};

inline constexpr sql::Statement kEndIdentifier{
    "EndIdentifier",
    "UPDATE customer_identifier SET valid_to = $3 "
    "WHERE customer_id = $1 AND identifier_hash = $2 AND valid_to IS NULL"};

inline constexpr sql::Statement kRespellIdentifier{
    "RespellIdentifier",
    "UPDATE customer_identifier SET value = '', value_sealed = $3 "
    "WHERE customer_id = $1 AND identifier_hash = $2 AND valid_to IS NULL"};

inline constexpr sql::SizedStatement kSelectIdentifiers{
    {"SelectIdentifiers",
     "SELECT customer_id, identifier_hash, type, system, value, value_sealed "
     "FROM customer_identifier "
     "WHERE customer_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) "
     "AND valid_to IS NULL ORDER BY customer_id, type, system, identifier_hash"},
    kKeysPerStatement};

inline constexpr sql::Statement kInsertHolder{
    "InsertHolder",
    "INSERT INTO identifier_holder (identifier_hash, slot, customer_id, valid_from) "
    "VALUES ($1, $2, $3, $4) ON CONFLICT (identifier_hash, slot) DO NOTHING"};

inline constexpr sql::Statement kDeleteHolder{
    "DeleteHolder", "DELETE FROM identifier_holder WHERE identifier_hash = $1 AND slot = $2"};

inline constexpr sql::SizedStatement kSelectExclusiveHolders{
    {"SelectExclusiveHolders",
     "SELECT identifier_hash, customer_id FROM identifier_holder WHERE identifier_hash IN "
     "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) AND slot = ''"},
    kKeysPerStatement};

inline constexpr sql::Statement kListHolders{
    "ListHolders",
    "SELECT customer_id FROM identifier_holder WHERE identifier_hash = $1 "
    "ORDER BY valid_from DESC, customer_id LIMIT $2"};

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_STORE_SQL_CUSTOMER_H_
