package org.capitania.servicekit;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.DefaultManagedHttpClientConnection;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.SystemDefaultRoutePlanner;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 on blocking sockets, so that the thread that asks is the thread that hears the answer. Nothing is followed, repeated, unpacked or
 * remembered; a kept connection is looked at before it is used.
 */
final class HttpSockets {
    /** How the body of an answer may come; without it a read may take as long as the answer's beginning. */
    static final ScopedValue<Pace> PACE = ScopedValue.newInstance();

    private static final TimeValue KEPT = TimeValue.ofSeconds(30);

    /** To one address; a question to an agent keeps its own for minutes. */
    private static final int MOST = 500;

    private HttpSockets() {}

    /**
     * The pace of an answer's body.
     *
     * @param stall how long a read may wait for the next piece
     * @param longest how long all of it may take
     */
    record Pace(Duration stall, Duration longest) {}

    /** A client for addresses within the fleet: no proxy is asked. */
    static CloseableHttpClient inside(Duration connect) {
        return inside(connect, HttpSockets::upgrade);
    }

    static CloseableHttpClient inside(Duration connect, TlsSocketStrategy tls) {
        return builder(connect, tls).disableDefaultUserAgent().build();
    }

    /** A client for addresses out in the world, by the proxies of this process where it has some. */
    static CloseableHttpClient outside(Duration connect) {
        return builder(connect, HttpSockets::upgrade)
                .setRoutePlanner(new SystemDefaultRoutePlanner(ProxySelector.getDefault()))
                .setUserAgent("capitania")
                .build();
    }

    private static HttpClientBuilder builder(Duration connect, TlsSocketStrategy tls) {
        return HttpClients.custom()
                .setConnectionManager(new OfChannels()
                        .setMaxConnPerRoute(MOST)
                        .setMaxConnTotal(4 * MOST)
                        .setTlsSocketStrategy(tls)
                        .setConnectionFactory(socket -> new Connection())
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(Timeout.of(connect))
                                .setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS)
                                .build())
                        .build())
                .evictIdleConnections(KEPT)
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression();
    }

    /** Whether a request that ended so never reached anybody, and so cannot have done anything. */
    static boolean unreached(IOException e) {
        return e instanceof ConnectException
                || e instanceof ConnectTimeoutException
                || e instanceof ConnectionRequestTimeoutException
                || e instanceof NoRouteToHostException
                || e instanceof UnknownHostException;
    }

    private static SSLSocket upgrade(
            Socket socket, String target, int port, @Nullable Object attachment, HttpContext context)
            throws IOException {
        return Tls.OF_PROCESS.upgrade(socket, target, port, attachment, context);
    }

    /** Certificates that the process trusts are read when the first peer has one, not before each start. */
    private static final class Tls {
        static final TlsSocketStrategy OF_PROCESS = DefaultClientTlsStrategy.createSystemDefault();
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

    private static final class Connection extends DefaultManagedHttpClientConnection {
        private static final AtomicLong IDS = new AtomicLong();

        Connection() {
            super("http-" + IDS.incrementAndGet());
        }

        /** Sees without waiting, before each use, whether its peer has closed it: the library's own look takes a millisecond. */
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

        @Override
        public void receiveResponseEntity(ClassicHttpResponse response) throws HttpException, IOException {
            super.receiveResponseEntity(response);
            if (PACE.isBound() && response.getEntity() != null) {
                response.setEntity(new Paced(response.getEntity(), this, PACE.get()));
            }
        }
    }

    private static final class Paced extends HttpEntityWrapper {
        private final Connection connection;
        private final Pace pace;

        Paced(HttpEntity entity, Connection connection, Pace pace) {
            super(entity);
            this.connection = connection;
            this.pace = pace;
        }

        @Override
        public InputStream getContent() throws IOException {
            return new PacedBody(super.getContent(), connection, pace);
        }
    }

    private static final class PacedBody extends FilterInputStream {
        private final Connection connection;
        private final Pace pace;
        private final long begun = System.nanoTime();

        PacedBody(InputStream in, Connection connection, Pace pace) {
            super(in);
            this.connection = connection;
            this.pace = pace;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            Duration rest = pace.longest().minusNanos(System.nanoTime() - begun);
            boolean last = rest.compareTo(pace.stall()) < 0;
            long wait = (last ? rest : pace.stall()).toMillis();
            if (wait > 0) {
                connection.setSocketTimeout(Timeout.ofMilliseconds(wait));
                try {
                    return in.read(bytes, from, length);
                } catch (SocketTimeoutException e) {
                    throw new PatientHttp.Stalled(why(last), e);
                }
            }
            throw new PatientHttp.Stalled(why(last), null);
        }

        private String why(boolean last) {
            return last
                    ? "it did not end within " + pace.longest().toSeconds() + " s"
                    : "nothing came for " + pace.stall().toSeconds() + " s";
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }
    }
}
