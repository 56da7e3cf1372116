package org.capitania.servicekit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a request where its connection does not do what it should. */
class FleetHttpTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String OK =
            "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\netag: \"7\"\r\ncontent-length: 2\r\n\r\nok";
    /** Takes the request and closes the connection. */
    private static final String NOTHING = "";
    /** Takes the request and says no more. */
    private static final String SILENCE = "silence";

    private final FleetHttp http = new FleetHttp();
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        over.countDown();
        http.close();
        server.close();
    }

    @Test
    void shouldBringWhatWasAnswered() throws Exception {
        play(List.of(List.of(OK)));

        FleetHttp.Answer answer = http.send(request("POST"), PATIENCE);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.type()).isEqualTo("text/plain");
        assertThat(answer.tag()).isEqualTo("\"7\"");
        assertThat(answer.body()).isEqualTo("ok".getBytes(StandardCharsets.UTF_8));
        assertThat(heard).containsExactly("POST /there HTTP/1.1");
    }

    @Test
    void shouldAskAgainWhatReadsWhenTheConnectionWasClosedUnderIt() throws Exception {
        play(List.of(List.of(OK, NOTHING), List.of(OK)));
        http.send(request("GET"), PATIENCE);

        assertThat(http.send(request("GET"), PATIENCE).status()).isEqualTo(200);
        assertThat(heard).hasSize(3);
    }

    @Test
    void shouldNotSendAChangeTwice() throws Exception {
        play(List.of(List.of(OK, NOTHING), List.of(OK)));
        http.send(request("GET"), PATIENCE);

        assertThatThrownBy(() -> http.send(request("POST"), PATIENCE))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(FleetHttp.Unreached.class);
        assertThat(heard).hasSize(2);
    }

    @Test
    void shouldKnowThatNobodyIsThereAnyMoreWhenAKeptConnectionWasClosed() throws Exception {
        play(List.of(List.of(OK)));
        http.send(request("POST"), PATIENCE);
        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        server.close();

        assertThatThrownBy(() -> http.send(request("POST"), PATIENCE)).isInstanceOf(FleetHttp.Unreached.class);
        assertThat(heard).hasSize(1);
    }

    @Test
    void shouldKeepAConnection() throws Exception {
        play(List.of(List.of(OK, OK, OK)));
        for (int i = 0; i < 3; i++) {
            assertThat(http.send(request("POST"), PATIENCE).status()).isEqualTo(200);
        }
        assertThat(heard).hasSize(3);
    }

    @Test
    void shouldGiveUpASilentPeerOnce() {
        play(List.of(List.of(SILENCE), List.of(OK)));

        assertThatThrownBy(() -> http.send(request("GET"), Duration.ofMillis(200)))
                .isInstanceOf(SocketTimeoutException.class);
        assertThat(heard).hasSize(1);
    }

    @Test
    void shouldSayThatNobodyWasReached() throws Exception {
        server.close();

        assertThatThrownBy(() -> http.send(request("POST"), PATIENCE)).isInstanceOf(FleetHttp.Unreached.class);
    }

    @Test
    void shouldFailLikeALostAnswerWhenItWasClosed() {
        http.close();

        assertThatThrownBy(() -> http.send(request("POST"), PATIENCE))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(FleetHttp.Unreached.class);
    }

    @Test
    void shouldCallAPeerWithTlsAndRefuseOneItDoesNotTrust(@TempDir Path directory) throws Exception {
        SSLContext own = certified(directory.resolve("peer.p12"));
        HttpsServer peer = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        peer.setHttpsConfigurator(new HttpsConfigurator(own));
        peer.createContext("/there", exchange -> {
            heard.add(exchange.getRequestMethod());
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        peer.start();
        String there = "https://localhost:" + peer.getAddress().getPort() + "/there";
        try (FleetHttp trusting = new FleetHttp(new DefaultClientTlsStrategy(own))) {
            for (int i = 0; i < 2; i++) {
                assertThat(trusting.send(new HttpUriRequestBase("POST", URI.create(there)), PATIENCE)
                                .status())
                        .isEqualTo(204);
            }
            assertThatThrownBy(() -> http.send(new HttpUriRequestBase("POST", URI.create(there)), PATIENCE))
                    .isInstanceOf(SSLException.class);
            assertThat(heard).hasSize(2);
        } finally {
            peer.stop(0);
        }
    }

    /** A context that has a certificate for localhost, and trusts it. */
    private static SSLContext certified(Path store) throws Exception {
        String password = "changeit";
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        password)
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), password.toCharArray());
        KeyManagerFactory with = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        with.init(keys, password.toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("peer", keys.getCertificate("mykey"));
        TrustManagerFactory trusting = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusting.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(with.getKeyManagers(), trusting.getTrustManagers(), null);
        return context;
    }

    @Test
    void shouldEndWhenItsVirtualThreadIsInterrupted() throws Exception {
        play(List.of(List.of(SILENCE), List.of(OK)));
        CompletableFuture<Throwable> why = new CompletableFuture<>();
        Thread asking = Thread.ofVirtual().start(() -> {
            try {
                http.send(request("GET"), PATIENCE);
                why.complete(new AssertionError("it was answered"));
            } catch (IOException e) {
                why.complete(e);
            }
        });
        while (heard.isEmpty()) {
            Thread.sleep(5);
        }
        // When
        asking.interrupt();
        // Then
        assertThat(why.get(10, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        assertThat(heard).hasSize(1);
    }

    private HttpUriRequestBase request(String method) {
        HttpUriRequestBase request =
                new HttpUriRequestBase(method, URI.create("http://127.0.0.1:" + server.getLocalPort() + "/there"));
        if (method.equals("POST")) {
            request.setEntity(new ByteArrayEntity(new byte[] {'{', '}'}, null));
        }
        return request;
    }

    /** Answers the requests of one connection after the other. */
    private void play(List<List<String>> connections) {
        Queue<List<String>> parts = new ArrayDeque<>(connections);
        Thread.ofVirtual().start(() -> {
            try {
                while (!parts.isEmpty()) {
                    Socket socket = server.accept();
                    List<String> answers = parts.remove();
                    Thread.ofVirtual().start(() -> answer(socket, answers));
                }
            } catch (IOException e) {
                // The test is over.
                over.countDown();
            }
        });
    }

    private void answer(Socket socket, List<String> answers) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            for (String answer : answers) {
                String first = in.readLine();
                int body = 0;
                for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
                    body = line.toLowerCase(Locale.ROOT).startsWith("content-length:")
                            ? Integer.parseInt(line.substring(15).strip())
                            : body;
                }
                for (int i = 0; i < body; i++) {
                    in.read();
                }
                heard.add(first);
                if (answer.equals(SILENCE)) {
                    over.await();
                }
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                socket.getOutputStream().flush();
            }
        } catch (IOException e) {
            // Whoever asked has gone.
            over.countDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closed.countDown();
    }
}
