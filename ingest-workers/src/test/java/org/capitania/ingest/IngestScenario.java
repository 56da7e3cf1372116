package org.capitania.ingest;

import static io.restassured.RestAssured.given;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.EmailReceipt;
import org.capitania.contract.api.EmailView;
import org.capitania.contract.event.EmailReceived;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestTokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the integration tests of this service share: the service itself, a graph, the events. */
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "ingest-workers"))
@WithTestResource(MailSources.class)
public abstract class IngestScenario {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    protected FakePeers peers;
    protected FakeGraph graph;
    protected EventTail events;
    /** Tells the mails of one test from those of the others in the same store. */
    protected String mark;

    @BeforeEach
    void listen() {
        mark = UUID.randomUUID().toString().substring(0, 8);
        peers = FakePeers.listen();
        graph = new FakeGraph(peers);
        events = EventTail.fromNow("hq.email");
    }

    @AfterEach
    void stop() {
        events.close();
        peers.close();
    }

    protected static RequestSpecification as(String principal) {
        return given().header("Authorization", "Bearer " + TestTokens.bearer(principal, Service.INGEST_WORKERS));
    }

    /** An answer to a mail that was handed in. */
    public record Answer(int status, String text) {}

    /** Hands a mail in as it is, without a copy: the other clients make many of a large body. */
    protected static Answer post(byte[] mail) {
        return send(request(HttpRequest.BodyPublishers.ofByteArray(mail)));
    }

    /** A mail to hand in. */
    protected static HttpRequest.Builder request(HttpRequest.BodyPublisher mail) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + RestAssured.port + "/v1/emails"))
                .header("Authorization", "Bearer " + TestTokens.bearer("user:owner", Service.INGEST_WORKERS))
                .header("Content-Type", "message/rfc822")
                .POST(mail);
    }

    protected static Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    protected static EmailReceipt receipt(Answer answer) {
        if (answer.status() != 200 && answer.status() != 201) {
            throw new AssertionError("status " + answer.status() + ": " + answer.text());
        }
        return Json.read(answer.text(), EmailReceipt.class);
    }

    protected static EmailView view(String id) {
        return Json.read(as("user:owner").get("/v1/emails/" + id).asByteArray(), EmailView.class);
    }

    protected static List<EmailView> list(String query) {
        return Json.read(as("user:owner").get("/v1/emails?limit=500&" + query).asByteArray(), EmailView.Page.class)
                .items();
    }

    protected EmailView find(String messageId) {
        return list("").stream()
                .filter(e -> messageId.equals(e.messageId()))
                .findFirst()
                .orElseThrow();
    }

    /** A person's mail whose id is of this test only. */
    protected byte[] mail(String name, String... headers) {
        return bytes("""
                From: Marta Lopes <marta@quintadavinha.example>
                To: Atelier Frama <ola@atelierframa.example>
                Date: Thu, 12 Nov 2026 09:15:00 +0000
                Subject: Rotulos
                Message-ID: %s
                %sContent-Type: text/plain; charset=utf-8

                Bom dia, %s
                """.formatted(id(name), headers.length == 0 ? "" : String.join("\n", headers) + "\n", name));
    }

    protected String id(String name) {
        return "<" + name + "." + mark + "@quintadavinha.example>";
    }

    protected static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    protected List<EmailReceived> told(String type, String messageId) {
        return events.ofType(type).stream()
                .map(e -> e.as(EmailReceived.class))
                .filter(e -> e.messageId().equals(messageId))
                .toList();
    }

    protected void awaitTold(String messageId) {
        events.await(
                EmailReceived.TYPE, e -> e.as(EmailReceived.class).messageId().equals(messageId));
    }
}
