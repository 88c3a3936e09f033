#ifndef COMMON_AUDIT_LIMITS_H_
#define COMMON_AUDIT_LIMITS_H_

// Every limit of the audit log, with its reason.

#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"

namespace clientele::audit {

// How often what waits in memory is written: a crash loses what came since, and with the write
// itself that must stay below 100 ms.
inline constexpr absl::Duration kWriteInterval = absl::Milliseconds(50);

// How often a process says that it still writes, and after how much silence the others take it for
// ended: clocks may differ, and a database may be away, by a good part of it.
inline constexpr absl::Duration kSeenInterval = absl::Seconds(15);
inline constexpr absl::Duration kSilenceMax = absl::Minutes(2);

// Calls and subjects that wait in memory: some 5 MB; what a database that pauses for a second is
// spared of.
inline constexpr int64_t kBufferWeightMax = 50'000;

// Calls written in one transaction, and calls and subjects of one record: an entry is what a reader
// must take whole, some 100 KB.
inline constexpr size_t kFlushCallsMax = 5000;
inline constexpr int kRecordCallsMax = 500;
inline constexpr int kRecordSubjectsMax = 1000;

// Records that get their places in one transaction, and such transactions in a row: who writes from
// memory is not kept waiting longer.
inline constexpr int kChainBatchMax = 500;
inline constexpr int kChainBatchesMax = 20;

// Entries checked in one call.
inline constexpr int kVerifyEntriesMax = 10'000;

// Entries and bytes of one page: below gRPC's default message limit of 4 MiB, also after the last
// entry, and with each content in it twice.
inline constexpr int kPageEntriesDefault = 100;
inline constexpr int kPageEntriesMax = 1000;
inline constexpr size_t kPageBytesMax = 1 << 20;

}  // namespace clientele::audit

#endif  // COMMON_AUDIT_LIMITS_H_
