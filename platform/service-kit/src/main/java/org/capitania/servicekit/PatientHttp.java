package org.capitania.servicekit;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** HTTP answers that come piece by piece: slow is fine, silent is not. */
public final class PatientHttp implements AutoCloseable {
    private final CloseableHttpClient http;
    private final Duration connect;

    private PatientHttp(CloseableHttpClient http, Duration connect) {
        this.http = http;
        this.connect = connect;
    }

    /**
     * For services of the fleet.
     *
     * @param connect how long a connection may take to be there
     */
    public static PatientHttp inside(Duration connect) {
        return new PatientHttp(HttpSockets.inside(connect), connect);
    }

    /** For the world, by the proxies of this process where it has some. */
    public static PatientHttp outside(Duration connect) {
        return new PatientHttp(HttpSockets.outside(connect), connect);
    }

    /** An answer had begun, and then nothing came of it any more, or it did not end. */
    public static final class Stalled extends IOException {
        Stalled(String why, @Nullable Throwable cause) {
            super(why, cause);
        }
    }

    /** Nobody was reached: nothing can have been done, or charged. */
    public static final class Unreached extends IOException {
        Unreached(IOException cause) {
            super(cause.toString(), cause);
        }
    }

    /**
     * An answer that has begun.
     *
     * @param headers their names in small letters
     * @param body to be closed, which breaks off what was not read; reading it throws {@link Stalled}
     */
    public record Answer(int status, HttpHeaders headers, InputStream body) {}

    /**
     * Sends, and waits for the answer to begin. An interrupt ends it too.
     *
     * @param patience how long it may take to begin: {@link HttpTimeoutException}
     * @param stall how long a read of its body may wait for the next piece
     * @param longest how long all of the body may take
     * @throws Unreached when it never reached anybody
     */
    public Answer send(HttpUriRequestBase request, Duration patience, Duration stall, Duration longest)
            throws IOException {
        request.setConfig(RequestConfig.custom()
                .setConnectionRequestTimeout(Timeout.of(connect))
                .setResponseTimeout(Timeout.of(patience))
                .build());
        try {
            return ScopedValue.where(HttpSockets.PACE, new HttpSockets.Pace(stall, longest))
                    .<Answer, IOException>call(() -> answer(request, http.executeOpen(null, request, null)));
        } catch (ConnectTimeoutException e) {
            throw new Unreached(e);
        } catch (SocketTimeoutException e) {
            throw new HttpTimeoutException("no answer within " + patience.toSeconds() + " s");
        } catch (IllegalStateException e) {
            // The library says so of a client that was closed, before a request or in the middle of one.
            throw new IOException("this service is ending", e);
        } catch (IOException e) {
            throw HttpSockets.unreached(e) ? new Unreached(e) : e;
        }
    }

    private static Answer answer(HttpUriRequestBase request, ClassicHttpResponse response) throws IOException {
        Map<String, List<String>> headers = new TreeMap<>();
        for (Header header : response.getHeaders()) {
            headers.computeIfAbsent(header.getName().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(header.getValue());
        }
        InputStream content = response.getEntity() == null
                ? InputStream.nullInputStream()
                : response.getEntity().getContent();
        return new Answer(
                response.getCode(), HttpHeaders.of(headers, (name, value) -> true), new Body(content, request));
    }

    /** Keeps the connection when it was read to its end, and cuts it off else, from whatever thread closes it. */
    private static final class Body extends FilterInputStream {
        private final HttpUriRequestBase request;
        private volatile boolean ended;

        Body(InputStream in, HttpUriRequestBase request) {
            super(in);
            this.request = request;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int read = in.read(bytes, from, length);
            ended = ended || read < 0;
            return read;
        }

        @Override
        public int read() throws IOException {
            int read = in.read();
            ended = ended || read < 0;
            return read;
        }

        @Override
        public void close() {
            if (!ended) {
                request.cancel();
            }
        }
    }

    @Override
    public void close() {
        http.close(CloseMode.IMMEDIATE);
    }
}
