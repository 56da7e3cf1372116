package org.capitania.servicekit;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonMappingException;
import io.quarkus.logging.Log;
import io.vertx.ext.web.RoutingContext;
import io.vertx.pgclient.PgException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.Problem;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns every failure of a request into {@code application/problem+json}; the only place that does. */
class Problems {
    /** character_not_in_repertoire: U+0000, which requests can say and PostgreSQL cannot keep. */
    private static final String NOT_A_CHARACTER = "22021";

    @ServerExceptionMapper
    Response named(CapitaniaException e, RoutingContext request) {
        if (e.code() == ErrorCode.INTERNAL) {
            Log.errorf(e, "request failed path=%s", request.normalizedPath());
        }
        return answer(e, request);
    }

    @ServerExceptionMapper
    Response badJson(JacksonException e, RoutingContext request) {
        String path = e instanceof JsonMappingException mapping
                ? "/"
                        + mapping.getPath().stream()
                                .map(r -> r.getFieldName() == null ? String.valueOf(r.getIndex()) : r.getFieldName())
                                .collect(Collectors.joining("/"))
                : "/";
        return answer(
                new CapitaniaException(
                        ErrorCode.BAD_REQUEST,
                        "the body is not the JSON this address takes: " + e.getOriginalMessage(),
                        List.of(new FieldError(path, null, null, e.getOriginalMessage()))),
                request);
    }

    @ServerExceptionMapper
    Response web(WebApplicationException e, RoutingContext request) {
        if (e.getCause() instanceof JacksonException json) {
            return badJson(json, request);
        }
        int status = e.getResponse().getStatus();
        if (status < 400) {
            return e.getResponse();
        }
        ErrorCode code = switch (status) {
            case 404 -> ErrorCode.NOT_FOUND;
            case 401 -> ErrorCode.UNAUTHENTICATED;
            case 403 -> ErrorCode.DENIED;
            case 413 -> ErrorCode.PAYLOAD_TOO_LARGE;
            default -> status < 500 ? ErrorCode.BAD_REQUEST : ErrorCode.INTERNAL;
        };
        String detail = status == 404
                ? "nothing answers at " + request.normalizedPath()
                : e.getMessage() == null ? code.code() : e.getMessage();
        Problem problem = Problem.of(new CapitaniaException(code, detail), traceId(request));
        return Response.status(status)
                .type("application/problem+json")
                .entity(problem)
                .build();
    }

    @ServerExceptionMapper
    Response database(PgException e, RoutingContext request) {
        if (NOT_A_CHARACTER.equals(e.getSqlState())) {
            String allowed = "text without U+0000";
            return answer(
                    new CapitaniaException(
                            ErrorCode.SCHEMA_VIOLATION,
                            "a text holds the character U+0000; expected " + allowed,
                            List.of(new FieldError("/", "U+0000", allowed, "a text holds the character U+0000"))),
                    request);
        }
        Log.errorf(e, "statement failed path=%s", request.normalizedPath());
        return answer(new CapitaniaException(ErrorCode.INTERNAL, "the store refused a statement"), request);
    }

    @ServerExceptionMapper
    Response unexpected(RuntimeException e, RoutingContext request) {
        Log.errorf(e, "request failed path=%s", request.normalizedPath());
        return answer(
                new CapitaniaException(ErrorCode.INTERNAL, "something failed here; the log has the trace"), request);
    }

    private static Response answer(CapitaniaException e, RoutingContext request) {
        Response.ResponseBuilder answer = Response.status(e.code().httpStatus())
                .type("application/problem+json")
                .entity(Problem.of(e, traceId(request)));
        Duration pause = e.retryAfter();
        if (pause != null) {
            // In whole seconds, and never sooner than it says.
            answer.header("retry-after", pause.plusMillis(999).toSeconds());
        }
        return answer.build();
    }

    private static @org.jspecify.annotations.Nullable String traceId(RoutingContext request) {
        return TraceContext.traceId(request.request().getHeader("traceparent"));
    }
}
