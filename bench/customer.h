#ifndef BENCH_CUSTOMER_H_
#define BENCH_CUSTOMER_H_

// The customer that benchmarks read.

#include "clientele/profile/v1/customer_service.grpc.pb.h"

namespace clientele::bench {

inline constexpr char kCustomerId[] = "bench-customer";

// Creates it, with a name, a town and an e-mail address. A failure is a CHECK.
void CreateCustomer(profile::v1::CustomerService::Stub& stub);

}  // namespace clientele::bench

#endif  // BENCH_CUSTOMER_H_
