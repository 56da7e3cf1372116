package org.capitania.registry.web;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.jspecify.annotations.Nullable;

/** One request to one address, without memory of the one before: no cookies, no kept connections, no redirects. */
@ApplicationScoped
class Exchange {

    /**
     * What came back.
     *
     * @param body as it came over the line, packed or not
     * @param cut whether there was more
     */
    record Answer(
            int status,
            @Nullable String type,
            @Nullable String encoding,
            @Nullable String location,
            byte[] body,
            boolean cut) {}

    private static final String TYPES =
            "text/html,application/xhtml+xml,text/plain,text/markdown,application/json,application/xml;q=0.9,text/*;q=0.8";

    private final HttpClient http;
    private final int largest;

    Exchange(Vertx vertx, WebConfig config) {
        this.largest = config.largest();
        this.http = vertx.createHttpClient(new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setKeepAlive(false)
                .setMaxHeaderSize(32 * 1024)
                .setConnectTimeout(5000)
                .setIdleTimeout(10)
                .setVerifyHost(true));
    }

    /** Asks, and waits for the answer no longer than {@code limit}. */
    Answer get(Destination destination, Map<String, String> headers, Duration limit) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setServer(SocketAddress.inetSocketAddress(
                        destination.port(), destination.address().getHostAddress()))
                .setHost(destination.host())
                .setPort(destination.port())
                .setSsl(destination.secure())
                .setFollowRedirects(false)
                .setURI(destination.target())
                .putHeader("user-agent", "Capitania")
                .putHeader("accept", TYPES)
                .putHeader("accept-encoding", "gzip, identity");
        headers.forEach(options::putHeader);
        CompletableFuture<HttpClientRequest> opened = new CompletableFuture<>();
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        http.request(options)
                .onSuccess(opened::complete)
                .compose(request -> request.send().map(response -> {
                    // In the step in which it begins: a moment later a short one has ended already, and takes no
                    // listener.
                    collect(response, answer);
                    return response;
                }))
                .onFailure(answer::completeExceptionally);
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw failed(destination, "it took longer than it may", e);
        } catch (ExecutionException e) {
            throw failed(destination, String.valueOf(e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(destination, "interrupted", e);
        } finally {
            opened.thenAccept(request -> request.connection().close());
        }
    }

    private void collect(HttpClientResponse response, CompletableFuture<Answer> answer) {
        Buffer body = Buffer.buffer();
        response.handler(chunk -> {
            if (answer.isDone()) {
                // What was on its way when the line was closed.
                return;
            }
            int room = largest - body.length();
            body.appendBuffer(chunk.length() <= room ? chunk : chunk.slice(0, room));
            if (chunk.length() > room) {
                answer.complete(answer(response, body, true));
                response.request().connection().close();
            }
        });
        response.exceptionHandler(answer::completeExceptionally);
        response.endHandler(nothing -> answer.complete(answer(response, body, false)));
    }

    private static Answer answer(HttpClientResponse response, Buffer body, boolean cut) {
        return new Answer(
                response.statusCode(),
                response.getHeader("content-type"),
                response.getHeader("content-encoding"),
                response.getHeader("location"),
                body.getBytes(),
                cut);
    }

    private static CapitaniaException failed(Destination destination, String why, Exception cause) {
        return new CapitaniaException(
                ErrorCode.PROVIDER_REJECTED, destination.host() + " did not answer: " + why, cause);
    }
}
