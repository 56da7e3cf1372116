package org.capitania.registry.models;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.ModelHeaders;
import org.capitania.contract.api.RehearsalAnswer;
import org.capitania.contract.api.RehearsalCall;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.Caller;
import org.capitania.servicekit.Ids;
import org.capitania.servicekit.PrincipalKind;
import org.capitania.servicekit.Scope;

/** The way to every model: an agent sends the provider's own request here, and gets the provider's own answer. */
@Path("/v1/models")
@RunOnVirtualThread
class ModelResource {
    /** What a provider adds to a request unseen, such as its own words about tools. */
    private static final int UNSEEN_TOKENS = 1000;

    /** Above any answer there is, and small enough to be multiplied by any price. */
    private static final long ENDLESS = 1_000_000_000_000L;

    private static final int LONGEST_GOODBYE_SECONDS = 5;

    private final CallContext context;
    private final Ids ids;
    private final Clock clock;
    private final ModelDoor door;

    ModelResource(CallContext context, Ids ids, Clock clock, ModelDoor door) {
        this.context = context;
        this.ids = ids;
        this.clock = clock;
        this.door = door;
    }

    /** One turn of the rehearsal model: it costs nothing, and is refused where a provider's call would be. */
    @POST
    @Path("/rehearsal/calls")
    @Produces(MediaType.APPLICATION_JSON)
    public RehearsalAnswer rehearse(RehearsalCall turn) {
        ModelCall call = new ModelCall(
                "rehearsal:" + turn.callId(),
                turn.callId(),
                scope(turn.taskId(), turn.callId()),
                role(),
                turn.sessionId(),
                turn.taskId(),
                turn.runId(),
                turn.fence(),
                "rehearsal",
                "rehearsal",
                false,
                0,
                0,
                clock.instant(),
                null);
        door.rehearse(call);
        return new RehearsalAnswer(true);
    }

    @POST
    @Path("/{provider}/{path: .+}")
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.WILDCARD)
    public Response call(
            @PathParam("provider") String provider,
            @PathParam("path") String path,
            @Context HttpHeaders headers,
            @Context HttpServerRequest caller,
            byte[] body) {
        String role = role();
        JsonNode request = figures(body);
        String task = required(headers, ModelHeaders.TASK);
        String callId = required(headers, ModelHeaders.CALL);
        String model = request.path("model").asText("unknown");
        long longest = longestAnswer(provider, path, request);
        ModelCall call = new ModelCall(
                ids.v7().toString(),
                callId,
                scope(task, callId),
                role,
                required(headers, ModelHeaders.SESSION),
                task,
                required(headers, ModelHeaders.RUN),
                fence(headers),
                provider,
                model,
                door.large(provider, model),
                body.length,
                longest,
                clock.instant(),
                headers.getHeaderString(ModelHeaders.PURPOSE));
        Provider configured = door.provider(call);
        BigDecimal estimate = door.estimate(call, body.length + UNSEEN_TOKENS, longest);
        PassThrough.Answer answer = door.send(configured, path, call, estimate, headers.getRequestHeaders(), body);
        StreamingOutput stream = out -> {
            try {
                door.copy(answer, out);
            } catch (IOException e) {
                breakOff(caller);
                throw e;
            }
        };
        Response.ResponseBuilder response =
                Response.status(answer.response().status()).entity(stream);
        answer.response().headers().map().forEach((name, values) -> {
            if (comesBack(name)) {
                values.forEach(value -> response.header(name, value));
            }
        });
        return response.type(contentType(answer)).build();
    }

    /**
     * Closes the connection under an answer that has begun: the framework would end the answer properly otherwise, and what is cut off
     * looked like the whole. Waits until that was noticed: a response that the framework closes before tells nobody of its end, and the
     * request would be counted as open, and waited for by a shutdown, for ever.
     */
    private static void breakOff(HttpServerRequest caller) {
        HttpServerResponse response = caller.response();
        if (!response.headWritten()) {
            return;
        }
        CompletableFuture<Void> noticed = new CompletableFuture<>();
        response.closeHandler(gone -> noticed.complete(null));
        caller.connection().close();
        if (!response.closed()) {
            noticed.completeOnTimeout(null, LONGEST_GOODBYE_SECONDS, TimeUnit.SECONDS)
                    .join();
        }
    }

    /** Our own refusals are problem documents; a provider's must not be taken for one. */
    private static String contentType(PassThrough.Answer answer) {
        String type = PassThrough.contentType(answer.response());
        return type.startsWith("application/problem+json") ? MediaType.APPLICATION_JSON : type;
    }

    private static boolean comesBack(String name) {
        return name.equals("retry-after")
                || name.equals("request-id")
                || name.equals("x-request-id")
                || name.startsWith("anthropic-ratelimit-")
                || name.startsWith("x-ratelimit-");
    }

    /** What a request says of itself, without the long rest of it; where it says a thing twice, the last time. */
    private static JsonNode figures(byte[] body) {
        ObjectNode figures = Json.MAPPER.createObjectNode();
        try (JsonParser parser = Json.MAPPER.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new CapitaniaException(ErrorCode.BAD_REQUEST, "a provider's request is a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (parser.nextToken().isStructStart()) {
                    parser.skipChildren();
                    figures.remove(name);
                } else {
                    figures.set(name, parser.readValueAsTree());
                }
            }
            return figures;
        } catch (IOException e) {
            throw new CapitaniaException(ErrorCode.BAD_REQUEST, "not a valid request: " + e.getMessage(), e);
        }
    }

    /** What the request lets the model write at most; one without a limit could pass any cap. */
    private static long longestAnswer(String provider, String path, JsonNode request) {
        if (provider.equals("ollama") || path.endsWith("embeddings") || path.endsWith("count_tokens")) {
            return 0;
        }
        // Where it names several limits the provider picks one; the largest is the safe assumption.
        long longest = 0;
        for (String name : new String[] {"max_tokens", "max_completion_tokens", "max_output_tokens"}) {
            longest = Math.max(longest, positive(request.path(name)));
        }
        if (longest == 0) {
            throw new CapitaniaException(
                    ErrorCode.BAD_REQUEST, "the request does not limit the answer: max_tokens is missing");
        }
        long answers = Math.max(1, positive(request.path("n")));
        return longest > ENDLESS / answers ? ENDLESS : longest * answers;
    }

    /** A whole number above 0, at most {@link #ENDLESS}; 0 for anything else. */
    private static long positive(JsonNode number) {
        if (!number.isIntegralNumber()) {
            return 0;
        }
        return number.canConvertToLong() ? Math.clamp(number.asLong(), 0, ENDLESS) : ENDLESS;
    }

    private String role() {
        context.requireKind(PrincipalKind.AGENT);
        Caller caller = context.caller();
        return caller.principal().substring("agent:".length());
    }

    private Scope scope(String task, String callId) {
        return context.scope().withCorrelation(task).withCausation(callId);
    }

    private static long fence(HttpHeaders headers) {
        try {
            return Long.parseLong(required(headers, ModelHeaders.FENCE));
        } catch (NumberFormatException e) {
            throw new CapitaniaException(ErrorCode.BAD_REQUEST, ModelHeaders.FENCE + " is a number", e);
        }
    }

    private static String required(HttpHeaders headers, String name) {
        String value = headers.getHeaderString(name);
        if (value == null || value.isBlank()) {
            throw new CapitaniaException(
                    ErrorCode.FENCED, "a model is called only inside a run: " + name + " is missing");
        }
        return value;
    }
}
