package org.capitania.agentruntime.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.capitania.agentruntime.model.ModelFailure.Kind;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.Problem;
import org.capitania.contract.api.ModelHeaders;
import org.capitania.servicekit.PatientHttp;

/**
 * The HTTP client under LangChain4j's provider clients. It drops whatever key they would send, signs with the agent's own token, adds
 * the ids of the call, and turns every failure into a {@link ModelFailure} that says whether trying again can help.
 */
final class GatewayHttp implements HttpClient {
    /** The call that the current thread makes. */
    static final ScopedValue<Call> CALL = ScopedValue.newInstance();

    /**
     * One call.
     *
     * @param rewrite what becomes of the request's body before it is sent
     * @param dialect in which it is answered
     * @param said hears its words as they come
     */
    record Call(
            Ticket ticket,
            String callId,
            String purpose,
            UnaryOperator<String> rewrite,
            Dialect dialect,
            Consumer<String> said) {}

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Set<String> DROPPED = Set.of(
            "authorization", "x-api-key", "api-key", "content-length", "transfer-encoding", "host", "connection");

    private final PatientHttp http;
    private final Function<Ticket, String> bearer;
    private final ModelsConfig times;

    private GatewayHttp(PatientHttp http, Function<Ticket, String> bearer, ModelsConfig times) {
        this.http = http;
        this.bearer = bearer;
        this.times = times;
    }

    /** The whole answer, however it comes: what asks here is a client that knows no streams, and needs none. */
    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) throws HttpException {
        PatientHttp.Answer response = send(request);
        int status = response.status();
        try (InputStream in = response.body()) {
            if (status < 200 || status >= 300) {
                throw failure(response, new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
            return SuccessfulHttpResponse.builder()
                    .statusCode(status)
                    .headers(response.headers().map())
                    .body(body(response, in))
                    .build();
        } catch (PatientHttp.Stalled e) {
            throw new ModelFailure(Kind.STALLED, "the answer stopped coming: " + e.getMessage(), null, e);
        } catch (IOException e) {
            throw broken(Kind.CUT_OFF, e);
        }
    }

    private static String body(PatientHttp.Answer response, InputStream in) throws IOException {
        Call call = CALL.get();
        String type = response.headers().firstValue("content-type").orElse("");
        if (type.startsWith("text/event-stream") || type.startsWith("application/x-ndjson")) {
            return AnswerPieces.read(in, call.dialect().pieces(), call.said());
        }
        String body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        if (!complete(body)) {
            throw AnswerPieces.cutOff("the provider's answer ends in the middle of its JSON");
        }
        return body;
    }

    @Override
    public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        listener.onError(new UnsupportedOperationException("this client does not stream"));
    }

    private PatientHttp.Answer send(HttpRequest request) {
        Call call = CALL.get();
        HttpUriRequestBase out = new HttpUriRequestBase(request.method().name(), URI.create(request.url()));
        if (request.body() != null) {
            String body = call.rewrite().apply(request.body());
            out.setEntity(new ByteArrayEntity(body.getBytes(StandardCharsets.UTF_8), null));
        }
        request.headers().forEach((name, values) -> {
            if (!DROPPED.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> out.addHeader(name, value));
            }
        });
        headers(call).forEach(out::addHeader);
        out.addHeader("Authorization", "Bearer " + bearer.apply(call.ticket()));
        try {
            return http.send(out, times.timeout(), times.stall(), times.longest());
        } catch (HttpTimeoutException e) {
            throw new ModelFailure(Kind.TIMEOUT, String.valueOf(e.getMessage()), null, e);
        } catch (PatientHttp.Unreached e) {
            // Nobody was reached, so nothing was charged: the loop may ask again under the same id.
            throw new ModelFailure(
                    new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "tool-registry does not answer: " + e, e));
        } catch (IOException e) {
            boolean begun = String.valueOf(e.getMessage()).contains("EOF")
                    || String.valueOf(e.getMessage()).contains("closed");
            throw broken(begun ? Kind.CUT_OFF : Kind.TIMEOUT, e);
        }
    }

    private static ModelFailure broken(Kind kind, Exception e) {
        return Thread.currentThread().isInterrupted()
                ? new ModelFailure(Kind.TIMEOUT, "interrupted while the model was thinking", null, e)
                : new ModelFailure(kind, "the connection failed: " + e, null, e);
    }

    private static Map<String, String> headers(Call call) {
        Ticket ticket = call.ticket();
        return Map.of(
                "X-HQ-Tenant",
                ticket.tenant(),
                ModelHeaders.SESSION,
                ticket.sessionId(),
                ModelHeaders.TASK,
                ticket.taskId(),
                ModelHeaders.RUN,
                ticket.runId(),
                ModelHeaders.FENCE,
                Long.toString(ticket.fence()),
                ModelHeaders.CALL,
                call.callId(),
                ModelHeaders.PURPOSE,
                call.purpose());
    }

    private static boolean complete(String body) {
        try {
            return Json.MAPPER.readTree(body).isObject();
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            return false;
        }
    }

    private static ModelFailure failure(PatientHttp.Answer response, String body) {
        int status = response.status();
        if (response.headers().firstValue("content-type").orElse("").startsWith("application/problem+json")) {
            return refused(Json.read(body, Problem.class), response);
        }
        Kind kind = switch (status) {
            case 401, 403 -> Kind.SIGN_IN;
            case 408 -> Kind.TIMEOUT;
            case 429 -> Kind.RATE_LIMITED;
            case 503, 529 -> Kind.OVERLOADED;
            default -> status >= 500 ? Kind.SERVER : Kind.BAD_REQUEST;
        };
        return new ModelFailure(
                kind, "the provider answered " + status + ": " + brief(body), retryAfter(response), null);
    }

    private static ModelFailure refused(Problem problem, PatientHttp.Answer response) {
        Duration pause = retryAfter(response);
        if (problem.code().equals(ErrorCode.PROVIDER_UNAVAILABLE.code())) {
            return new ModelFailure(Kind.OVERLOADED, problem.detail(), pause, null);
        }
        if (problem.code().equals(ErrorCode.RATE_LIMITED.code())) {
            // The provider asked another call of ours for patience.
            return new ModelFailure(Kind.RATE_LIMITED, problem.detail(), pause, null);
        }
        CapitaniaException refusal = problem.toException();
        return new ModelFailure(pause == null ? refusal : refusal.withRetryAfter(pause));
    }

    /** Seconds only: no provider sends the date form. */
    private static @org.jspecify.annotations.Nullable Duration retryAfter(PatientHttp.Answer response) {
        Optional<String> header = response.headers().firstValue("retry-after");
        return header.filter(h -> h.matches("\\d{1,6}(\\.\\d+)?"))
                .map(h -> Duration.ofMillis((long) (Double.parseDouble(h) * 1000)))
                .orElse(null);
    }

    private static String brief(String body) {
        try {
            return brief(Json.MAPPER.readTree(body).path("error"));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            return "no readable message";
        }
    }

    /** The provider's own message and nothing else of its answer, which may repeat the prompt. */
    static String brief(JsonNode error) {
        String message =
                error.isTextual() ? error.asText() : error.path("message").asText("");
        return message.length() > 300 ? message.substring(0, 300) + "…" : message;
    }

    /** Builds clients for LangChain4j; what times it wants is nothing to us. */
    static final class Builder implements HttpClientBuilder {
        private final PatientHttp http = PatientHttp.inside(CONNECT);
        private final Function<Ticket, String> bearer;
        private final ModelsConfig times;

        Builder(Function<Ticket, String> bearer, ModelsConfig times) {
            this.bearer = bearer;
            this.times = times;
        }

        @Override
        public Duration connectTimeout() {
            return CONNECT;
        }

        @Override
        public HttpClientBuilder connectTimeout(Duration timeout) {
            return this;
        }

        @Override
        public Duration readTimeout() {
            return times.longest();
        }

        @Override
        public HttpClientBuilder readTimeout(Duration timeout) {
            return this;
        }

        @Override
        public HttpClient build() {
            return new GatewayHttp(http, bearer, times);
        }
    }
}
