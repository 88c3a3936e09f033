#include "services/profile/api/handlers/customer_reads.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "common/handler/cached_message.h"
#include "common/handler/tx_options.h"
#include "common/status/macros.h"
#include "services/profile/api/converters/customer_proto.h"
#include "services/profile/api/converters/masking.h"
#include "services/profile/api/validation/read_requests.h"
#include "services/profile/domain/errors.h"
#include "services/profile/domain/limits.h"
#include "services/profile/store/customer_store.h"
#include "services/profile/store/purchase_store.h"

namespace clientele::profile {
namespace {

// Whoever asks for more than even the database holds has an etag that is not of this customer.
absl::Status CheckReached(const CustomerQuery& query, const cache::Record& record) {
  if (record.version >= query.rule.min_version) return absl::OkStatus();
  return EtagMismatch("customer", query.id.value(), query.rule.min_version, record.version);
}

// Adds the customers among `holders` that are not deleted, up to the limit of one match.
absl::Status AddLiveCustomers(sql::Tx& tx, const sealing::Vault& vault,
                              const std::vector<CustomerId>& holders,
                              v1::LookupCustomersResponse::Match& match) {
  for (size_t begin = 0; begin < holders.size(); begin += kLookupCustomersMax) {
    const size_t end = std::min(begin + kLookupCustomersMax, holders.size());
    std::vector<std::string> ids;
    for (size_t i = begin; i < end; ++i) ids.push_back(holders[i].value());
    CLIENTELE_ASSIGN_OR_RETURN(const auto customers, LoadCustomers(tx, vault, std::move(ids)));
    for (size_t i = begin; i < end; ++i) {
      const auto customer = customers.find(holders[i]);
      if (customer == customers.end()) continue;
      if (customer->second.root.state == CustomerState::kDeleted) continue;
      *match.add_customers() = ToCustomerProto(customer->second);
      if (match.customers_size() == kLookupCustomersMax) return absl::OkStatus();
    }
  }
  return absl::OkStatus();
}

// What `asked` stands for: an EXTERNAL identifier without its system is one of each.
absl::StatusOr<std::vector<v1::Identifier>> Meanings(sql::Tx& tx, const v1::Identifier& asked) {
  std::vector<v1::Identifier> meanings = {asked};
  if (asked.type() != v1::IDENTIFIER_TYPE_EXTERNAL || !asked.system().empty()) return meanings;
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<std::string> systems,
                             ListSourceSystems(tx, kLookupSystemsMax));
  meanings.assign(systems.size(), asked);
  for (size_t i = 0; i < systems.size(); ++i) meanings[i].set_system(systems[i]);
  return meanings;
}

// A cached customer as the caller may see it: the bytes that are cached to who may see all.
absl::StatusOr<rpc::Prepared<v1::Customer>> Shown(const rpc::CallContext& call,
                                                  cache::Record record) {
  if (MayReadSensitive(call)) return rpc::Prepared<v1::Customer>{*std::move(record.payload)};
  v1::Customer customer;
  CLIENTELE_RETURN_IF_ERROR(ReadRecord(record, customer));
  MaskCustomer(customer);
  return rpc::Prepared<v1::Customer>{customer.SerializeAsString()};
}

void MaskUnlessAllowed(const rpc::CallContext& call,
                       google::protobuf::RepeatedPtrField<v1::Customer>& customers) {
  if (MayReadSensitive(call)) return;
  for (v1::Customer& customer : customers) MaskCustomer(customer);
}

}  // namespace

absl::StatusOr<std::vector<cache::Record>> CustomerReads::Load(
    absl::Time deadline, const std::vector<std::string>& ids) const {
  absl::flat_hash_map<CustomerId, Customer> customers;
  const absl::Status read =
      api_.database.RunReadOnly({.deadline = deadline}, [&](sql::Tx& tx) -> absl::Status {
        CLIENTELE_ASSIGN_OR_RETURN(customers, LoadCustomers(tx, *api_.vault, ids));
        return absl::OkStatus();
      });
  CLIENTELE_RETURN_IF_ERROR(read);
  std::vector<cache::Record> records;
  records.reserve(ids.size());
  for (const std::string& id : ids) {
    const auto customer = customers.find(CustomerId(id));
    records.push_back(customer == customers.end() ? cache::Record()
                                                  : MakeRecord(customer->second.root.version,
                                                               ToCustomerProto(customer->second)));
  }
  return records;
}

absl::StatusOr<rpc::Prepared<v1::Customer>> CustomerReads::Get(
    rpc::CallContext& call, const v1::GetCustomerRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const CustomerQuery query, ValidateGetCustomer(request));
  CLIENTELE_ASSIGN_OR_RETURN(cache::Record record,
                             api_.cache.Get(api_.cached_customers, query.id.value(), query.rule,
                                            call.deadline, [&]() -> absl::StatusOr<cache::Record> {
                                              CLIENTELE_ASSIGN_OR_RETURN(
                                                  std::vector<cache::Record> one,
                                                  Load(call.deadline, {query.id.value()}));
                                              return std::move(one[0]);
                                            }));
  if (!record.payload.has_value()) return CustomerNotFound(query.id);
  CLIENTELE_RETURN_IF_ERROR(CheckReached(query, record));
  return Shown(call, std::move(record));
}

std::optional<absl::StatusOr<rpc::Prepared<v1::Customer>>> CustomerReads::TryGet(
    rpc::CallContext& call, const v1::GetCustomerRequest& request) const {
  const absl::StatusOr<CustomerQuery> query = ValidateGetCustomer(request);
  if (!query.ok()) return std::nullopt;
  std::optional<cache::Record> record =
      api_.cache.TryGet(api_.cached_customers, query->id.value(), query->rule);
  if (!record.has_value() || !record->payload.has_value()) return std::nullopt;
  return Shown(call, *std::move(record));
}

absl::StatusOr<v1::BatchGetCustomersResponse> CustomerReads::BatchGet(
    rpc::CallContext& call, const v1::BatchGetCustomersRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<CustomerQuery> queries,
                             ValidateBatchGetCustomers(request));
  std::vector<cache::ReadRequest> reads;
  reads.reserve(queries.size());
  for (const CustomerQuery& query : queries) reads.push_back({query.id.value(), query.rule});
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<cache::Record> records,
                             api_.cache.BatchGet(api_.cached_customers, reads, call.deadline,
                                                 [&](absl::Span<const size_t> wanted) {
                                                   std::vector<std::string> ids;
                                                   ids.reserve(wanted.size());
                                                   for (const size_t i : wanted)
                                                     ids.push_back(queries[i].id.value());
                                                   return Load(call.deadline, ids);
                                                 }));
  v1::BatchGetCustomersResponse response;
  for (size_t i = 0; i < queries.size(); ++i) {
    if (!records[i].payload.has_value()) {
      response.add_missing_customer_ids(queries[i].id.value());
      continue;
    }
    CLIENTELE_RETURN_IF_ERROR(CheckReached(queries[i], records[i]));
    CLIENTELE_RETURN_IF_ERROR(ReadRecord(records[i], *response.add_customers()));
  }
  MaskUnlessAllowed(call, *response.mutable_customers());
  return response;
}

absl::StatusOr<v1::ListCustomersResponse> CustomerReads::List(
    rpc::CallContext& call, const v1::ListCustomersRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const CustomerPageQuery query,
                             ValidateListCustomers(request, api_.page_tokens));
  std::vector<Customer> customers;
  const absl::Status read =
      api_.database.RunReadOnly(TxOptionsOf(call), [&](sql::Tx& tx) -> absl::Status {
        // One more than asked for tells whether there is a next page.
        CLIENTELE_ASSIGN_OR_RETURN(customers, ListCustomers(tx, *api_.vault, query.filter,
                                                            query.after_id, query.page_size + 1));
        return absl::OkStatus();
      });
  CLIENTELE_RETURN_IF_ERROR(read);
  v1::ListCustomersResponse response;
  if (static_cast<int32_t>(customers.size()) > query.page_size) {
    customers.pop_back();
    CLIENTELE_ASSIGN_OR_RETURN(
        *response.mutable_next_page_token(),
        api_.page_tokens.Encode({customers.back().root.id.value()}, query.arguments));
  }
  for (const Customer& customer : customers) {
    *response.add_customers() = ToCustomerProto(customer);
  }
  MaskUnlessAllowed(call, *response.mutable_customers());
  return response;
}

absl::StatusOr<std::vector<CustomerId>> CustomerReads::HoldersOf(
    sql::Tx& tx, const v1::Identifier& asked) const {
  std::vector<CustomerId> holders;
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<v1::Identifier> meanings, Meanings(tx, asked));
  for (const v1::Identifier& meaning : meanings) {
    const absl::StatusOr<Identifier> identifier = api_.identifiers.Normalize(meaning);
    if (!identifier.ok()) continue;  // nobody can have it
    CLIENTELE_ASSIGN_OR_RETURN(const std::vector<CustomerId> found,
                               ListHolders(tx, identifier->hash, kLookupHoldersMax));
    for (const CustomerId& holder : found) {
      // One customer may go by the same id in two systems.
      const bool known =
          meanings.size() > 1 && std::find(holders.begin(), holders.end(), holder) != holders.end();
      if (!known) holders.push_back(holder);
    }
  }
  return holders;
}

absl::StatusOr<v1::LookupCustomersResponse> CustomerReads::Lookup(
    rpc::CallContext& call, const v1::LookupCustomersRequest& request) const {
  CLIENTELE_RETURN_IF_ERROR(ValidateLookupCustomers(request));
  v1::LookupCustomersResponse response;
  const absl::Status read =
      api_.database.RunReadOnly(TxOptionsOf(call), [&](sql::Tx& tx) -> absl::Status {
        response.Clear();
        for (const v1::Identifier& asked : request.identifiers()) {
          CLIENTELE_ASSIGN_OR_RETURN(const std::vector<CustomerId> holders, HoldersOf(tx, asked));
          CLIENTELE_RETURN_IF_ERROR(
              AddLiveCustomers(tx, *api_.vault, holders, *response.add_matches()));
        }
        return absl::OkStatus();
      });
  CLIENTELE_RETURN_IF_ERROR(read);
  for (auto& match : *response.mutable_matches()) {
    MaskUnlessAllowed(call, *match.mutable_customers());
  }
  return response;
}

absl::StatusOr<v1::ListFactsResponse> CustomerReads::ListFacts(
    rpc::CallContext& call, const v1::ListFactsRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const FactPageQuery query,
                             ValidateListFacts(request, api_.page_tokens));
  std::vector<ListedFact> facts;
  const absl::Status read =
      api_.database.RunReadOnly(TxOptionsOf(call), [&](sql::Tx& tx) -> absl::Status {
        CLIENTELE_ASSIGN_OR_RETURN(const std::vector<CustomerRoot> roots,
                                   LoadRoots(tx, {query.customer_id.value()}));
        if (roots.empty()) return CustomerNotFound(query.customer_id);
        CLIENTELE_ASSIGN_OR_RETURN(facts, profile::ListFacts(tx, *api_.vault, query.customer_id,
                                                             query.after, query.page_size + 1));
        return absl::OkStatus();
      });
  CLIENTELE_RETURN_IF_ERROR(read);
  v1::ListFactsResponse response;
  if (static_cast<int32_t>(facts.size()) > query.page_size) {
    facts.pop_back();
    const Fact& last = facts.back().fact;
    CLIENTELE_ASSIGN_OR_RETURN(
        *response.mutable_next_page_token(),
        api_.page_tokens.Encode(
            {absl::StrCat(absl::ToUnixMicros(last.record_time)), last.id.value()},
            query.arguments));
  }
  const bool shows_all = MayReadSensitive(call);
  for (const ListedFact& listed : facts) {
    v1::Fact& fact = *response.add_facts();
    fact = ToFactProto(query.customer_id, listed.fact, listed.current);
    if (!shows_all) MaskFact(fact);
  }
  return response;
}

}  // namespace clientele::profile
