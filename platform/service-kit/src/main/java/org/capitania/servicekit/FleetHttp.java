package org.capitania.servicekit;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.DefaultManagedHttpClientConnection;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP client for calls within the fleet: HTTP/1.1 on blocking sockets, so that the thread that asks is the thread that hears the answer.
 * It follows nothing, keeps no cookies, and asks a second time only what reads, when a kept connection was closed under it.
 */
final class FleetHttp implements AutoCloseable {
    private static final Timeout CONNECT = Timeout.ofSeconds(2);

    private static final TimeValue KEPT = TimeValue.ofSeconds(30);

    /** To one address; a question to an agent keeps its own for minutes. */
    private static final int MOST = 500;

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
        this((socket, target, port, attachment, context) ->
                Tls.DEFAULT.upgrade(socket, target, port, attachment, context));
    }

    FleetHttp(TlsSocketStrategy tls) {
        http = HttpClients.custom()
                .setConnectionManager(new OfChannels()
                        .setMaxConnPerRoute(MOST)
                        .setMaxConnTotal(4 * MOST)
                        .setTlsSocketStrategy(tls)
                        .setConnectionFactory(socket -> new Connection())
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(CONNECT)
                                .setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS)
                                .build())
                        .build())
                .evictIdleConnections(KEPT)
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .disableDefaultUserAgent()
                .build();
    }

    /**
     * Sends a request and reads the whole answer.
     *
     * @param patience how long the peer may be silent
     * @throws Unreached when it never reached anybody
     */
    Answer send(HttpUriRequestBase request, Duration patience) throws IOException {
        request.setConfig(RequestConfig.custom()
                .setConnectionRequestTimeout(CONNECT)
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
        if (!reads(request) || Thread.currentThread().isInterrupted() || reached(closed) instanceof Unreached) {
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
        return switch (e) {
            case ConnectException c -> new Unreached(c);
            case ConnectTimeoutException c -> new Unreached(c);
            case ConnectionRequestTimeoutException c -> new Unreached(c);
            case NoRouteToHostException c -> new Unreached(c);
            case UnknownHostException c -> new Unreached(c);
            default -> e;
        };
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

    /** Certificates that the process trusts are read when the first peer has one, not before each start. */
    private static final class Tls {
        static final TlsSocketStrategy DEFAULT = DefaultClientTlsStrategy.createSystemDefault();
    }

    /** Its sockets are those of channels, for {@link Connection}. */
    private static final class OfChannels extends PoolingHttpClientConnectionManagerBuilder {
        @Override
        protected HttpClientConnectionOperator createConnectionOperator(
                SchemePortResolver ports, DnsResolver names, TlsSocketStrategy tls) {
            return new DefaultHttpClientConnectionOperator(
                    proxy -> SocketChannel.open().socket(),
                    ports,
                    names,
                    RegistryBuilder.<TlsSocketStrategy>create()
                            .register("https", tls)
                            .build());
        }
    }

    /** Sees without waiting, before each use, whether its peer has closed it: the library's own look takes a millisecond. */
    private static final class Connection extends DefaultManagedHttpClientConnection {
        private static final AtomicLong IDS = new AtomicLong();

        Connection() {
            super("fleet-" + IDS.incrementAndGet());
        }

        @Override
        public boolean isStale() throws IOException {
            Socket socket = isOpen() ? getSocket() : null;
            SocketChannel channel = socket == null ? null : socket.getChannel();
            if (channel == null) {
                return super.isStale();
            }
            try {
                channel.configureBlocking(false);
                // Nothing was asked: what comes now is the end, or nobody's.
                boolean closed = channel.read(ByteBuffer.allocate(1)) != 0;
                channel.configureBlocking(true);
                return closed;
            } catch (IOException e) {
                return true;
            }
        }
    }

    @Override
    public void close() {
        http.close(CloseMode.GRACEFUL);
    }
}
