#ifndef SERVICES_PROFILE_DOMAIN_LIMITS_H_
#define SERVICES_PROFILE_DOMAIN_LIMITS_H_

// Every limit of profile, each with its reason. The contract (proto/clientele/profile/v1) promises
// them, so raising one is compatible and lowering one is not.

#include <cstdint>

#include "absl/time/time.h"

namespace clientele::profile {

// A caller may be this far ahead of our clock: clocks of shops drift, dates in the future are
// mistakes.
inline constexpr absl::Duration kOccurTimeAheadMax = absl::Minutes(5);

// The catalogue fits several times; a longer mask repeats itself.
inline constexpr int kUpdateMaskPathsMax = 100;

// Every current identifier is answered with its customer, so their number bounds that answer.
inline constexpr int kIdentifiersMax = 50;
inline constexpr int64_t kIdentifierCharactersMax = 200;
// An imported customer brings the ids other systems know it by; five systems are plenty.
inline constexpr int kImportIdentifiersMax = 5;

// One read's memory: a thousand customers are about a megabyte.
inline constexpr int kBatchGetCustomersMax = 1000;
inline constexpr int kLookupIdentifiersMax = 100;
inline constexpr int kLookupCustomersMax = 100;
// An id without its system is looked for in so many; a business runs a handful of tills and shops.
inline constexpr int kLookupSystemsMax = 100;
// How many holders of one shared identifier are looked at to find the live ones among them.
inline constexpr int kLookupHoldersMax = 1000;

inline constexpr int kCustomerPageSizeDefault = 100;
inline constexpr int kCustomerPageSizeMax = 1000;
inline constexpr int kFactPageSizeDefault = 100;
inline constexpr int kFactPageSizeMax = 1000;
inline constexpr int kPurchasePageSizeDefault = 50;
inline constexpr int kPurchasePageSizeMax = 500;

inline constexpr int64_t kSourceSystemCharactersMax = 63;
inline constexpr int64_t kOrderNumberCharactersMax = 100;
inline constexpr int64_t kRefundNumberCharactersMax = 100;
inline constexpr int64_t kSaleTextCharactersMax = 100;  // channel, store, region, sku, category
inline constexpr int64_t kRefundReasonCharactersMax = 200;

// One purchase is read and answered whole: its lines bound that answer to about 200 KB.
inline constexpr int kPurchaseLinesMax = 2000;
inline constexpr int64_t kQuantityMax = 1'000'000'000;
// A thousand million of the major unit for one piece.
inline constexpr int64_t kUnitPriceMicrosMax = 1'000'000'000'000'000;
// Each refund is a row of the answer of GetPurchase.
inline constexpr int kRefundsMax = 1000;

// One transaction holds the writer: about a tenth of a second of work.
inline constexpr int kRecordPurchasesMax = 1000;
inline constexpr int kRecordLinesMax = 50'000;
inline constexpr int kImportItemsMax = 1000;
inline constexpr int kImportLinesMax = 50'000;

// An item refused among a thousand must not fill the answer, which is limited to 4 MB: so many of
// its violations are listed, and the number of the others.
inline constexpr int kItemViolationsMax = 8;

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_DOMAIN_LIMITS_H_
