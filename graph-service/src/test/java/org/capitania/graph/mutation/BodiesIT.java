package org.capitania.graph.mutation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.graph.GraphApi.OWNER;
import static org.capitania.graph.GraphApi.unique;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.capitania.contract.Service;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestTokens;
import org.junit.jupiter.api.Test;

/** Bodies as they come over a wire. */
@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class BodiesIT {
    @Test
    void shouldTakeABodyThatComesInPieces() throws IOException {
        String slug = unique("pieces");
        String body = create(slug);
        taken(slug, head("Content-Length: " + body.length()) + body.substring(0, 20), body.substring(20));
    }

    @Test
    void shouldTakeABodyThatSaysNoLength() throws IOException {
        String slug = unique("chunks");
        String body = create(slug);
        taken(
                slug,
                head("Transfer-Encoding: chunked"),
                Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n");
    }

    private static void taken(String slug, String first, String rest) throws IOException {
        try (Socket socket = socket()) {
            say(socket, first);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            say(socket, rest);
            assertThat(answer(socket)).startsWith("HTTP/1.1 200");
        }
        assertThat(there(slug)).isTrue();
    }

    @Test
    void shouldSayThatABodyMayCome() throws IOException {
        String slug = unique("expected");
        String body = create(slug);
        try (Socket socket = socket()) {
            say(socket, head("Content-Length: " + body.length() + "\r\nExpect: 100-continue"));
            assertThat(answer(socket)).startsWith("HTTP/1.1 100");
            say(socket, body);
            assertThat(answer(socket)).contains("HTTP/1.1 200");
        }
        assertThat(there(slug)).isTrue();
    }

    @Test
    void shouldDoNothingForABodyThatBreaksOff() throws IOException {
        String slug = unique("broken");
        String body = create(slug);
        try (Socket socket = socket()) {
            say(socket, head("Content-Length: " + (body.length() + 1)) + body);
        }
        // The next one on another connection is served, and after it the first would have been.
        shouldTakeABodyThatComesInPieces();
        assertThat(there(slug)).isFalse();
    }

    private static String create(String slug) {
        return "{\"ops\": [{\"op\": \"create\", \"type\": \"task\", \"slug\": \"" + slug
                + "\", \"props\": {\"title\": \"Weekly\"}}]}";
    }

    private static String head(String length) {
        return "POST /v1/mutations HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nAuthorization: Bearer "
                + TestTokens.bearer("user:owner", Service.GRAPH_SERVICE, TestTokens.TENANT) + "\r\n" + length
                + "\r\n\r\n";
    }

    private static Socket socket() throws IOException {
        Socket socket = new Socket("127.0.0.1", RestAssured.port);
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(UTF_8));
        socket.getOutputStream().flush();
    }

    private static String answer(Socket socket) throws IOException {
        byte[] some = new byte[8192];
        int read = socket.getInputStream().read(some);
        return read < 0 ? "" : new String(some, 0, read, UTF_8);
    }

    private static boolean there(String slug) {
        return OWNER.request().get("/v1/nodes/" + slug).statusCode() == 200;
    }
}
