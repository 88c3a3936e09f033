#ifndef COMMON_RPC_SUBJECTS_H_
#define COMMON_RPC_SUBJECTS_H_

// Whom and what a call is about, for the audit log.
//
// Thread safety: pure functions.

#include <string>
#include <vector>

#include "google/protobuf/message.h"

namespace clientele::rpc {

// The most one call has: a page of a thousand customers, or of a thousand complaints with theirs.
inline constexpr size_t kSubjectsMax = 4000;

// The ids that the messages of a call name, as "<kind>/<id>", each once, in order of appearance,
// at most kSubjectsMax: field complaint_id names "complaint/…". A message with ids is taken for the
// thing they name, so its parts are not asked for theirs; request_ids are nobody's. Of a response
// to a request that names something only its own ids count (of what was made), else everything it
// lists. Both may be null. What could not be an id of ours (IsCallerChosenId) is left out: it was
// refused, and may be anything, also personal.
std::vector<std::string> SubjectsOf(const google::protobuf::Message* request,
                                    const google::protobuf::Message* response);

}  // namespace clientele::rpc

#endif  // COMMON_RPC_SUBJECTS_H_
