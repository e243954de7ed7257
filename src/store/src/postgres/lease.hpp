#pragma once

#include "kangqu/core/result.hpp"

#include "postgres/connection.hpp"
#include "postgres/writes.hpp"

namespace kangqu::store::postgres {

// Takes the right to write for the session: an advisory lock of the schema, which the server gives
// back however the session ends. Waits a little for a session that is just dying, ends the one with
// the process number `old_session` (0: none), which was our own; kStoreTakenOver when another
// program keeps the right.
core::Status TakeLease(Connection& connection, int old_session, const std::string& name);

// Where the store stands; `epoch` is a new one, so that whoever wrote before cannot end a group any
// more. Only with the lease. `before` gets what stood there.
core::Result<Counters> BeginEpoch(Connection& connection, Counters& before);

}  // namespace kangqu::store::postgres
