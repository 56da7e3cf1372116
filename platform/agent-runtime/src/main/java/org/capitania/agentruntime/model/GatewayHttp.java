package org.capitania.agentruntime.model;

import dev.langchain4j.exception.HttpException;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.capitania.agentruntime.model.ModelFailure.Kind;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.Problem;
import org.capitania.contract.api.ModelHeaders;

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
     */
    record Call(Ticket ticket, String callId, String purpose, UnaryOperator<String> rewrite) {}

    private static final Set<String> DROPPED =
            Set.of("authorization", "x-api-key", "api-key", "content-length", "host", "connection");

    private final java.net.http.HttpClient http;
    private final Function<Ticket, String> bearer;
    private final Duration timeout;

    private GatewayHttp(Function<Ticket, String> bearer, Duration connect, Duration timeout) {
        this.http = java.net.http.HttpClient.newBuilder()
                .version(java.net.http.HttpClient.Version.HTTP_1_1)
                .connectTimeout(connect)
                .build();
        this.bearer = bearer;
        this.timeout = timeout;
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) throws HttpException {
        HttpResponse<String> response = send(request);
        int status = response.statusCode();
        if (status >= 200 && status < 300) {
            String body = response.body();
            if (!complete(body)) {
                throw new ModelFailure(
                        Kind.CUT_OFF, "the provider's answer ends in the middle of its JSON", null, null);
            }
            return SuccessfulHttpResponse.builder()
                    .statusCode(status)
                    .headers(response.headers().map())
                    .body(body)
                    .build();
        }
        throw failure(response);
    }

    @Override
    public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        listener.onError(new UnsupportedOperationException("this client does not stream"));
    }

    private HttpResponse<String> send(HttpRequest request) {
        Call call = CALL.get();
        java.net.http.HttpRequest.Builder out = java.net.http.HttpRequest.newBuilder(URI.create(request.url()))
                .timeout(timeout)
                .method(
                        request.method().name(),
                        request.body() == null
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofString(call.rewrite().apply(request.body())));
        request.headers().forEach((name, values) -> {
            if (!DROPPED.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> out.header(name, value));
            }
        });
        headers(call).forEach(out::header);
        out.header("Authorization", "Bearer " + bearer.apply(call.ticket()));
        try {
            return http.send(out.build(), BodyHandlers.ofString());
        } catch (HttpTimeoutException e) {
            throw new ModelFailure(Kind.TIMEOUT, "no answer within " + timeout.toSeconds() + " s", null, e);
        } catch (ConnectException e) {
            // Nobody was reached, so nothing was charged: the loop may ask again under the same id.
            throw new ModelFailure(
                    new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "tool-registry does not answer: " + e, e));
        } catch (IOException e) {
            boolean begun = String.valueOf(e.getMessage()).contains("EOF")
                    || String.valueOf(e.getMessage()).contains("closed");
            throw new ModelFailure(begun ? Kind.CUT_OFF : Kind.TIMEOUT, "the connection failed: " + e, null, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModelFailure(Kind.TIMEOUT, "interrupted while the model was thinking", null, e);
        }
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

    private static ModelFailure failure(HttpResponse<String> response) {
        int status = response.statusCode();
        if (response.headers().firstValue("content-type").orElse("").startsWith("application/problem+json")) {
            return refused(Json.read(response.body(), Problem.class), response);
        }
        Kind kind = switch (status) {
            case 401, 403 -> Kind.SIGN_IN;
            case 408 -> Kind.TIMEOUT;
            case 429 -> Kind.RATE_LIMITED;
            case 503, 529 -> Kind.OVERLOADED;
            default -> status >= 500 ? Kind.SERVER : Kind.BAD_REQUEST;
        };
        return new ModelFailure(
                kind, "the provider answered " + status + ": " + brief(response.body()), retryAfter(response), null);
    }

    private static ModelFailure refused(Problem problem, HttpResponse<String> response) {
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
    private static @org.jspecify.annotations.Nullable Duration retryAfter(HttpResponse<String> response) {
        Optional<String> header = response.headers().firstValue("retry-after");
        return header.filter(h -> h.matches("\\d{1,6}(\\.\\d+)?"))
                .map(h -> Duration.ofMillis((long) (Double.parseDouble(h) * 1000)))
                .orElse(null);
    }

    /** The provider's own message and nothing else of its body, which may repeat the prompt. */
    private static String brief(String body) {
        try {
            var node = Json.MAPPER.readTree(body);
            var error = node.path("error");
            String message =
                    error.isTextual() ? error.asText() : error.path("message").asText("");
            return message.length() > 300 ? message.substring(0, 300) + "…" : message;
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            return "no readable message";
        }
    }

    /** Builds clients for LangChain4j; the times it sets are kept. */
    static final class Builder implements HttpClientBuilder {
        private final Function<Ticket, String> bearer;
        private Duration connect = Duration.ofSeconds(5);
        private Duration read;

        Builder(Function<Ticket, String> bearer, Duration read) {
            this.bearer = bearer;
            this.read = read;
        }

        @Override
        public Duration connectTimeout() {
            return connect;
        }

        @Override
        public HttpClientBuilder connectTimeout(Duration timeout) {
            connect = timeout;
            return this;
        }

        @Override
        public Duration readTimeout() {
            return read;
        }

        @Override
        public HttpClientBuilder readTimeout(Duration timeout) {
            read = timeout;
            return this;
        }

        @Override
        public HttpClient build() {
            return new GatewayHttp(bearer, connect, read);
        }
    }
}
