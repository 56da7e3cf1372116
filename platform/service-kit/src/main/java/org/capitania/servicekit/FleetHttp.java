package org.capitania.servicekit;

import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** The HTTP client for calls within the fleet. It asks a second time only what reads, when a kept connection was closed under it. */
final class FleetHttp implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(2);

    /** What nobody was reached with: it cannot have done anything. */
    static final class Unreached extends IOException {
        Unreached(IOException cause) {
            super(cause.toString(), cause);
        }
    }

    /**
     * An answer.
     *
     * @param type its content type, empty where it says none
     * @param tag its entity tag
     */
    record Answer(int status, String type, @Nullable String tag, byte[] body) {}

    private final CloseableHttpClient http;

    FleetHttp() {
        http = HttpSockets.inside(CONNECT);
    }

    FleetHttp(TlsSocketStrategy tls) {
        http = HttpSockets.inside(CONNECT, tls);
    }

    /**
     * Sends a request and reads the whole answer.
     *
     * @param patience how long the peer may be silent
     * @throws Unreached when it never reached anybody
     */
    Answer send(HttpUriRequestBase request, Duration patience) throws IOException {
        request.setConfig(RequestConfig.custom()
                .setConnectionRequestTimeout(Timeout.of(CONNECT))
                .setResponseTimeout(Timeout.of(patience))
                .build());
        try {
            return execute(request);
        } catch (NoHttpResponseException | SocketException e) {
            return again(request, e);
        } catch (IOException e) {
            throw reached(e);
        }
    }

    /** A connection that its peer closed while nobody used it takes a request to nobody. */
    private Answer again(HttpUriRequestBase request, IOException closed) throws IOException {
        if (!reads(request) || Thread.currentThread().isInterrupted() || HttpSockets.unreached(closed)) {
            throw reached(closed);
        }
        try {
            return execute(request);
        } catch (IOException e) {
            throw reached(e);
        }
    }

    private Answer execute(HttpUriRequestBase request) throws IOException {
        try {
            return http.execute(request, FleetHttp::answer);
        } catch (IllegalStateException e) {
            // The library says so of a client that was closed, before a request or in the middle of one.
            throw new IOException("this service is ending", e);
        }
    }

    private static IOException reached(IOException e) {
        return HttpSockets.unreached(e) ? new Unreached(e) : e;
    }

    /** Whether a request changes nothing. */
    static boolean reads(HttpUriRequestBase request) {
        return request.getMethod().equals("GET");
    }

    private static Answer answer(ClassicHttpResponse response) throws IOException {
        byte[] body = response.getEntity() == null ? new byte[0] : EntityUtils.toByteArray(response.getEntity());
        String type = header(response, "content-type");
        return new Answer(response.getCode(), type == null ? "" : type, header(response, "etag"), body);
    }

    private static @Nullable String header(ClassicHttpResponse response, String name) {
        Header header = response.getFirstHeader(name);
        return header == null ? null : header.getValue();
    }

    @Override
    public void close() {
        http.close(CloseMode.GRACEFUL);
    }
}
