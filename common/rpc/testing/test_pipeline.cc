#include "common/rpc/testing/test_pipeline.h"

namespace clientele::rpc {

TestPipeline::TestPipeline(const std::string& service, CallAudit* audit)
    : executor_({.thread_limit = 4}),
      pipeline_({.service = service,
                 .executor = executor_,
                 .clock = clock_,
                 .uuids = ids_,
                 .log = reports_,
                 .observer = reports_,
                 .authenticator = authenticator_,
                 .quota = quota_,
                 .audit = audit}) {}

}  // namespace clientele::rpc
