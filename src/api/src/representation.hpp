#pragma once

#include "kangqu/api/route.hpp"

namespace kangqu::api {

// How resources look on the wire. Handlers under /fhir read and write FHIR JSON only; what the
// client sends and wants is translated around them.

// Unpacks a body sent with Content-Encoding gzip; kTooLarge when it unpacks to more than `limit`,
// kUnsupportedMediaType for another coding.
core::Status UnpackBody(Request& request, std::size_t limit);

// Before the handler: a body in FHIR XML becomes FHIR JSON. kNotAcceptable when the client takes
// neither JSON nor XML back (Accept, _format) and the route answers resources.
core::Status ReceiveFhir(Request& request, const Route& route);

// Behind the handler: FHIR JSON as XML where the client prefers it, indented for _pretty=true.
// Errors too.
void PresentFhir(const Request& request, Response& response);

}  // namespace kangqu::api
