package org.capitania.cli.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpClientsTest {
    private static final int TLS_HANDSHAKE = 0x16;

    /** A fleet elsewhere is reached by TLS; to speak plain HTTP to it would show the owner's token to the way between. */
    @ParameterizedTest
    @CsvSource({"http, 71", "https, " + TLS_HANDSHAKE})
    void shouldSpeakWhatTheAddressSays(String scheme, int firstByte) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI address = URI.create(scheme + "://127.0.0.1:" + server.getLocalPort());
            HttpClient client = HttpClients.forScheme(address, Duration.ofSeconds(3));
            CompletableFuture<HttpResponse<Void>> asked = client.sendAsync(
                    HttpRequest.newBuilder(address).GET().build(), HttpResponse.BodyHandlers.discarding());

            try (Socket caller = server.accept()) {
                caller.setSoTimeout(10_000);
                assertThat(caller.getInputStream().read()).isEqualTo(firstByte);
            }

            asked.cancel(true);
            client.shutdownNow();
        }
    }
}
