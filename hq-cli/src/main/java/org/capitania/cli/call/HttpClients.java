package org.capitania.cli.call;

import java.net.URI;
import java.net.http.HttpClient;
import java.security.KeyManagementException;
import java.security.Provider;
import java.security.SecureRandom;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/** HTTP/1.1 clients for a fleet on the loopback (http) or elsewhere (https). */
public final class HttpClients {
    private HttpClients() {}

    /** A client for addresses of this one's scheme. To be closed by {@link #close}: its thread holds up the end of the process for 0.3 s. */
    public static HttpClient forScheme(URI address, Duration connectTimeout) {
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(connectTimeout);
        if (!"https".equals(address.getScheme())) {
            builder.sslContext(new NoTls()).sslParameters(new SSLParameters());
        }
        return builder.build();
    }

    /** Ends what a client is doing, and waits for its thread a moment. */
    public static void close(HttpClient client) {
        client.shutdownNow();
        try {
            client.awaitTermination(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Without one, a client loads every cipher and the JDK's trust store when it is made: more than the rest of a verb. */
    private static final class NoTls extends SSLContext {
        NoTls() {
            super(new Refusal(), new None(), "none");
        }
    }

    private static final class None extends Provider {
        private static final long serialVersionUID = 1;

        None() {
            super("none", "1", "no TLS");
        }
    }

    /** Asked by nobody while the address is http and no redirect is followed; if it ever is, the call fails and nothing goes out in the clear. */
    private static final class Refusal extends SSLContextSpi {
        private static UnsupportedOperationException refused() {
            return new UnsupportedOperationException("this client speaks plain HTTP only");
        }

        @Override
        protected void engineInit(KeyManager[] keys, TrustManager[] trusted, SecureRandom random)
                throws KeyManagementException {
            throw refused();
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            throw refused();
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            throw refused();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            throw refused();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            throw refused();
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            throw refused();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            throw refused();
        }
    }
}
