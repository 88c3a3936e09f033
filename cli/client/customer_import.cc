#include "cli/client/customer_import.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "cli/client/import_batches.h"
#include "cli/client/server_status.h"
#include "cli/output/enum_words.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

namespace pb = clientele::profile::v1;

using CustomerStub = pb::CustomerService::StubInterface;
using CustomersById = absl::flat_hash_map<std::string, pb::Customer>;

// Customers looked up at once; the contract takes 1,000.
constexpr size_t kLookupMax = 500;

void FillOrigin(const CustomerRow& row, absl::string_view source, pb::FactOrigin& origin) {
  origin.set_channel(pb::COLLECTION_CHANNEL_IMPORT);
  origin.set_source_system(std::string(source));
  if (row.occur_time.has_value()) SetTime(*row.occur_time, *origin.mutable_occur_time());
}

void SetAttribute(const std::pair<absl::string_view, std::string>& attribute,
                  pb::CustomerAttributes& attributes) {
  const auto* field =
      pb::CustomerAttributes::descriptor()->FindFieldByName(std::string(attribute.first));
  CLIENTELE_CHECK(field != nullptr);  // the file's columns are named after them
  attributes.GetReflection()->SetString(&attributes, field, attribute.second);
}

bool HasAttribute(absl::string_view name, const pb::CustomerAttributes& attributes) {
  const auto* field = pb::CustomerAttributes::descriptor()->FindFieldByName(std::string(name));
  CLIENTELE_CHECK(field != nullptr);
  return !attributes.GetReflection()->GetString(attributes, field).empty();
}

bool HasIdentifier(const pb::Customer& customer, pb::IdentifierType type,
                   absl::string_view system) {
  return std::any_of(customer.identifiers().begin(), customer.identifiers().end(),
                     [&](const pb::Identifier& identifier) {
                       return identifier.type() == type && identifier.system() == system;
                     });
}

// Adds the row's identifiers of which `customer` has none yet; says whether there were any.
bool AddLackingIdentifiers(const CustomerRow& row, absl::string_view source,
                           pb::Customer& customer) {
  const int before = customer.identifiers_size();
  if (!HasIdentifier(customer, pb::IDENTIFIER_TYPE_EXTERNAL, source)) {
    pb::Identifier& identifier = *customer.add_identifiers();
    identifier.set_type(pb::IDENTIFIER_TYPE_EXTERNAL);
    identifier.set_system(std::string(source));
    identifier.set_value(row.customer_key);
  }
  if (!row.email.empty() && !HasIdentifier(customer, pb::IDENTIFIER_TYPE_EMAIL, "")) {
    pb::Identifier& identifier = *customer.add_identifiers();
    identifier.set_type(pb::IDENTIFIER_TYPE_EMAIL);
    identifier.set_value(row.email);
  }
  if (!row.phone.empty() && !HasIdentifier(customer, pb::IDENTIFIER_TYPE_PHONE, "")) {
    pb::Identifier& identifier = *customer.add_identifiers();
    identifier.set_type(pb::IDENTIFIER_TYPE_PHONE);
    identifier.set_value(row.phone);
    if (!absl::StartsWith(row.phone, "+")) identifier.set_region_code(row.region_code);
  }
  return customer.identifiers_size() > before;
}

// Whether somebody else has the row's customer id: under another spelling of the same source.
bool IsSomebodyElse(const CustomerRow& row, absl::string_view source,
                    const pb::Customer& customer) {
  const auto& identifiers = customer.identifiers();
  return HasIdentifier(customer, pb::IDENTIFIER_TYPE_EXTERNAL, source) &&
         std::none_of(identifiers.begin(), identifiers.end(), [&](const pb::Identifier& each) {
           return each.type() == pb::IDENTIFIER_TYPE_EXTERNAL && each.system() == source &&
                  each.value() == row.customer_key;
         });
}

// What the server found wrong in an identifier of `sent`, as its column is called: the server names
// an identifier by its place only. "" when that is not what it refuses.
absl::string_view ReasonOfIdentifier(const absl::Status& error, const pb::Customer& sent) {
  const std::optional<ErrorDetails> details = GetErrorDetails(error);
  if (!details.has_value() || details->field_violations.empty()) return "";
  absl::string_view place = details->field_violations.front().field;
  int index = 0;
  if (!absl::ConsumePrefix(&place, "customer.identifiers[") ||
      !absl::ConsumeSuffix(&place, "].value") || !absl::SimpleAtoi(place, &index) || index < 0 ||
      index >= sent.identifiers_size()) {
    return "";
  }
  switch (sent.identifiers(index).type()) {
    case pb::IDENTIFIER_TYPE_EXTERNAL:
      return ToString(RejectReason::kInvalidCustomerId);
    case pb::IDENTIFIER_TYPE_EMAIL:
      return "INVALID_EMAIL";
    case pb::IDENTIFIER_TYPE_PHONE:
      return "INVALID_PHONE";
    default:
      return "";
  }
}

// Why the server refused a request with `sent`.
Refusal ExplainCustomerRefusal(const absl::Status& error, const pb::Customer& sent) {
  Refusal refusal = ExplainRefusal(error);
  const absl::string_view reason = ReasonOfIdentifier(error, sent);
  if (!reason.empty()) refusal.reason = std::string(reason);
  return refusal;
}

// Sends the rows of one file.
class CustomerSender {
 public:
  CustomerSender(CustomerStub& stub, absl::string_view source, const RecordImportOptions& options,
                 CustomerImportResult& result)
      : stub_(stub), source_(source), options_(options), result_(result) {}

  absl::Status Send(const std::vector<CustomerRow>& rows);

 private:
  absl::StatusOr<CustomersById> LookUp(const std::vector<CustomerRow>& rows);
  absl::Status Create(const CustomerRow& row, pb::CustomerKind kind);
  absl::Status Complete(const CustomerRow& row, pb::CustomerKind kind,
                        const pb::Customer& customer);
  absl::Status Reject(const CustomerRow& row, const absl::Status& error, const pb::Customer& sent) {
    return RejectRow(error, ExplainCustomerRefusal(error, sent), row.line_number,
                     result_.rejections);
  }
  void Reject(const CustomerRow& row, absl::string_view reason, absl::string_view detail) {
    result_.rejections.Add(reason, detail, {row.line_number});
  }

  CustomerStub& stub_;
  absl::string_view source_;
  const RecordImportOptions& options_;
  CustomerImportResult& result_;
};

absl::Status CustomerSender::Send(const std::vector<CustomerRow>& rows) {
  CLIENTELE_ASSIGN_OR_RETURN(const CustomersById there, LookUp(rows));
  for (const CustomerRow& row : rows) {
    const auto kind =
        static_cast<pb::CustomerKind>(EnumNumber(*pb::CustomerKind_descriptor(), row.kind));
    if (kind == pb::CUSTOMER_KIND_UNSPECIFIED && !row.kind.empty()) {
      Reject(row, "INVALID_KIND", "the kind is neither person nor organization");
      continue;
    }
    const auto customer = there.find(row.customer_id);
    CLIENTELE_RETURN_IF_ERROR(customer == there.end() ? Create(row, kind)
                                                      : Complete(row, kind, customer->second));
  }
  return absl::OkStatus();
}

absl::StatusOr<CustomersById> CustomerSender::LookUp(const std::vector<CustomerRow>& rows) {
  pb::BatchGetCustomersRequest request;
  for (const CustomerRow& row : rows) {
    request.add_customer_ids(row.customer_id);
  }
  // What is there decides what is sent.
  request.set_consistency(clientele::common::v1::CONSISTENCY_STRONG);
  pb::BatchGetCustomersResponse response;
  CLIENTELE_RETURN_IF_ERROR(
      FromServer(stub_.BatchGetCustomers(options_.new_call().get(), request, &response)));
  CustomersById customers;
  for (pb::Customer& customer : *response.mutable_customers()) {
    std::string id = customer.customer_id();
    customers.emplace(std::move(id), std::move(customer));
  }
  return customers;
}

absl::Status CustomerSender::Create(const CustomerRow& row, pb::CustomerKind kind) {
  pb::CreateCustomerRequest request;
  pb::Customer& customer = *request.mutable_customer();
  customer.set_customer_id(row.customer_id);
  customer.set_kind(kind);
  for (const auto& attribute : row.attributes) {
    SetAttribute(attribute, *customer.mutable_attributes());
  }
  AddLackingIdentifiers(row, source_, customer);
  FillOrigin(row, source_, *request.mutable_origin());
  pb::Customer made;
  const absl::Status status =
      FromServer(stub_.CreateCustomer(options_.new_call().get(), request, &made));
  if (!status.ok()) return Reject(row, status, customer);
  ++result_.created_count;
  return absl::OkStatus();
}

absl::Status CustomerSender::Complete(const CustomerRow& row, pb::CustomerKind kind,
                                      const pb::Customer& customer) {
  if (IsSomebodyElse(row, source_, customer)) {
    Reject(row, ToString(RejectReason::kCustomerIdCollision),
           "the customer with this id goes by another spelling");
    return absl::OkStatus();
  }
  if (kind != pb::CUSTOMER_KIND_UNSPECIFIED && kind != customer.kind()) {
    Reject(row, "CUSTOMER_KIND_MISMATCH", "the customer is there already and of another kind");
    return absl::OkStatus();
  }
  const std::optional<pb::UpdateCustomerRequest> request = CompleteCustomer(row, source_, customer);
  if (!request.has_value()) {
    ++result_.unchanged_count;
    return absl::OkStatus();
  }
  pb::Customer changed;
  const absl::Status status =
      FromServer(stub_.UpdateCustomer(options_.new_call().get(), *request, &changed));
  if (!status.ok()) return Reject(row, status, request->customer());
  ++result_.updated_count;
  return absl::OkStatus();
}

}  // namespace

std::optional<pb::UpdateCustomerRequest> CompleteCustomer(const CustomerRow& row,
                                                          absl::string_view source,
                                                          const pb::Customer& customer) {
  pb::UpdateCustomerRequest request;
  request.mutable_customer()->set_customer_id(customer.customer_id());
  request.mutable_customer()->set_etag(customer.etag());
  for (const auto& attribute : row.attributes) {
    if (HasAttribute(attribute.first, customer.attributes())) continue;
    SetAttribute(attribute, *request.mutable_customer()->mutable_attributes());
    request.mutable_update_mask()->add_paths(absl::StrCat("attributes.", attribute.first));
  }
  *request.mutable_customer()->mutable_identifiers() = customer.identifiers();
  if (AddLackingIdentifiers(row, source, *request.mutable_customer())) {
    request.mutable_update_mask()->add_paths("identifiers");
  }
  if (request.update_mask().paths().empty()) return std::nullopt;
  FillOrigin(row, source, *request.mutable_origin());
  return request;
}

absl::Status ImportCustomers(CustomerStub& stub, CustomerFile& file,
                             const RecordImportOptions& options, CustomerImportResult& result) {
  CustomerSender sender(stub, file.source(), options, result);
  std::vector<CustomerRow> rows;
  do {
    rows.clear();
    CLIENTELE_RETURN_IF_ERROR(file.Read(kLookupMax, rows));
    if (!rows.empty()) CLIENTELE_RETURN_IF_ERROR(sender.Send(rows));
    if (options.on_progress) options.on_progress(file.tally().rows_read());
  } while (rows.size() == kLookupMax);
  result.rejections.AddAll(file.tally().rejected());
  return absl::OkStatus();
}

}  // namespace clientele::cli
