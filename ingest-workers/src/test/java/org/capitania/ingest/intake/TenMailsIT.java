package org.capitania.ingest.intake;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.capitania.contract.Json;
import org.capitania.contract.Problem;
import org.capitania.contract.api.EmailReceipt;
import org.capitania.contract.api.EmailView;
import org.capitania.contract.event.EmailReceived;
import org.capitania.contract.event.EmailReceived.Classification;
import org.capitania.ingest.IngestScenario;
import org.capitania.ingest.mime.Corpus;
import org.capitania.ingest.mime.Sha256;
import org.junit.jupiter.api.Test;

/** Ten mails at once: each ends as a person would expect, and the store says what happened to it. */
@QuarkusTest
class TenMailsIT extends IngestScenario {

    @Test
    void shouldEndEachAsAPersonWouldExpectWhenTenComeAtOnce() throws Exception {
        // Given
        graph.entity("Quinta da Vinha", "quintadavinha.example");
        byte[] twice = mail("twice");
        byte[] huge = new byte[20 * 1024 * 1024];
        byte[] head = mail("huge");
        Arrays.fill(huge, (byte) 'A');
        System.arraycopy(head, 0, huge, 0, head.length);
        Map<String, byte[]> mails = new LinkedHashMap<>();
        mails.put("plain", mail("plain"));
        for (String name : List.of(
                "02-attachments",
                "03-html-only",
                "04-latin1-unlabelled",
                "06-latin1-labelled-utf8",
                "08-no-subject-date-id",
                "09-mailing-list",
                "10-auto-reply")) {
            mails.put(name, unique(name));
        }
        mails.put("huge", huge);
        mails.put("twice", twice);
        mails.put("twice again", twice);

        // When all are posted at the same moment
        Map<String, Answer> answers = new LinkedHashMap<>();
        CyclicBarrier start = new CyclicBarrier(mails.size());
        try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            Map<String, Future<Answer>> sent = new LinkedHashMap<>();
            mails.forEach((name, mail) -> {
                Callable<Answer> send = () -> {
                    start.await();
                    return post(mail);
                };
                sent.put(name, senders.submit(send));
            });
            for (Map.Entry<String, Future<Answer>> e : sent.entrySet()) {
                answers.put(e.getKey(), e.getValue().get());
            }
        }

        // Then the large one is refused with a reason, and the refusal is in the store
        Problem refusal = Json.read(answers.remove("huge").text(), Problem.class);
        assertThat(refusal.code()).isEqualTo("message_too_large");
        assertThat(refusal.status()).isEqualTo(413);
        assertThat(refusal.detail()).contains("20.0 MB").contains("16 MB");
        assertThat(list("status=refused").stream().filter(r -> Sha256.of(huge).equals(r.sha256())))
                .singleElement()
                .satisfies(r -> assertThat(r.reasons().getFirst())
                        .contains("message_too_large")
                        .contains("16 MB"));

        // and every other one is stored, in the graph, and told once
        Map<String, EmailView> views = new LinkedHashMap<>();
        answers.forEach((name, answer) -> {
            assertThat(answer.status()).as(name + ": " + answer.text()).isIn(200, 201);
            EmailReceipt receipt = receipt(answer);
            EmailView view = view(receipt.emailId());
            assertThat(view.status()).as(name).isEqualTo("stored");
            assertThat(view.interactionId()).isEqualTo(receipt.id());
            views.put(name, view);
        });
        for (EmailView view : views.values()) {
            awaitTold(String.valueOf(view.messageId()));
            assertThat(told(EmailReceived.TYPE, String.valueOf(view.messageId())))
                    .hasSize(1);
        }

        // and the one that came twice is one
        EmailReceipt first = receipt(answers.get("twice"));
        EmailReceipt second = receipt(answers.get("twice again"));
        assertThat(first.id()).isEqualTo(second.id());
        assertThat(List.of(first.duplicate(), second.duplicate())).containsExactlyInAnyOrder(false, true);
        assertThat(views.get("twice").duplicates()).isEqualTo(1);
        assertThat(views.get("twice").reasons()).contains("it came again, the same to the byte");

        // and only people are answered
        assertThat(views.get("09-mailing-list").classification()).isEqualTo(Classification.MAILING_LIST);
        assertThat(views.get("10-auto-reply").classification()).isEqualTo(Classification.AUTO_REPLY);
        views.forEach((name, view) ->
                assertThat(view.answerable()).as(name).isEqualTo(!name.startsWith("09") && !name.startsWith("10")));

        // and the text is right whatever the charset said
        assertThat(body(views.get("06-latin1-labelled-utf8")))
                .contains("consignação")
                .contains("coração");
        assertThat(body(views.get("04-latin1-unlabelled"))).contains("reunião").contains("€");
        assertThat(body(views.get("03-html-only"))).contains("Olá equipa").doesNotContain("<p>", "IGNORE ALL");
        assertThat(views.get("02-attachments").attachments()).isEqualTo(3);
        assertThat(views.get("08-no-subject-date-id").messageId()).endsWith("@ingest.invalid>");
    }

    @Test
    void shouldKeepAReasonWhenAMailIsLargerThanAnyOtherRequestMayBe() throws Exception {
        // Given 40 MB, handed in with its length, without it, and by a caller who asks first
        Path huge = Files.write(Path.of(System.getProperty("test.mail"), mark + ".eml"), mail("huge"));
        try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
            file.setLength(40L * 1024 * 1024);
        }
        List<HttpRequest.Builder> ways = List.of(
                request(BodyPublishers.ofFile(huge)),
                request(BodyPublishers.ofInputStream(() -> stream(huge))),
                request(BodyPublishers.ofFile(huge)).expectContinue(true));
        long before = tooLarge().count();

        for (HttpRequest.Builder way : ways) {
            Answer answer = send(way);

            assertThat(answer.status()).isEqualTo(413);
            assertThat(Json.read(answer.text(), Problem.class).detail()).contains("40.0 MB", "16 MB");
        }
        assertThat(tooLarge().count() - before).isEqualTo(ways.size());
        // The last one was refused before a byte of it was sent.
        assertThat(tooLarge().findFirst().orElseThrow().sha256()).isNull();
        assertThat(tooLarge().skip(1).findFirst().orElseThrow().sha256()).hasSize(64);
        Files.delete(huge);
    }

    private static Stream<EmailView> tooLarge() {
        return list("status=refused").stream()
                .filter(r -> r.reasons().getFirst().startsWith("message_too_large"))
                .filter(r -> r.size() == 40L * 1024 * 1024);
    }

    private static InputStream stream(Path file) {
        try {
            return Files.newInputStream(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldLinkPeopleEntityAndThreadWhenACustomerWrites() {
        // Given
        String entity = graph.entity("Quinta da Vinha", "quintadavinha.example");

        // When
        EmailReceipt receipt = receipt(post(mail("linked", "Cc: Ana <ana@gmail.com>")));

        // Then
        ObjectNode mail = graph.byExternalId("interaction", id("linked"));
        String marta = graph.byExternalId("contact", "marta@quintadavinha.example")
                .path("id")
                .asText();
        String ana = graph.byExternalId("contact", "ana@gmail.com").path("id").asText();
        assertThat(mail.path("id").asText()).isEqualTo(receipt.id());
        assertThat(mail.path("tainted").asBoolean()).isTrue();
        assertThat(mail.path("props").path("direction").asText()).isEqualTo("in");
        assertThat(graph.linked("from", receipt.id(), marta)).isTrue();
        assertThat(graph.linked("cc", receipt.id(), ana)).isTrue();
        assertThat(graph.linked("part_of", receipt.id(), receipt.conversation()))
                .isTrue();
        assertThat(graph.linked("about", receipt.id(), entity)).isTrue();
        assertThat(graph.linked("works_for", marta, entity)).isTrue();
        assertThat(peers.requests("POST", "/v1/mutations"))
                .allSatisfy(r -> assertThat(r.subject()).isEqualTo("worker:email_ingest"));
        EmailReceived event = events.await(
                        EmailReceived.TYPE,
                        e -> e.as(EmailReceived.class).messageId().equals(id("linked")))
                .as(EmailReceived.class);
        assertThat(event.entityId()).isEqualTo(entity);
        assertThat(event.contactId()).isEqualTo(marta);
        assertThat(event.answerable()).isTrue();
    }

    @Test
    void shouldSayItMayBeForgedWhenAnotherSenderUsesTheSameMessageId() {
        EmailReceipt first = receipt(post(mail("forged")));
        String other = new String(mail("forged"), StandardCharsets.UTF_8)
                .replace("marta@quintadavinha.example>\nTo", "burla@maligno.example>\nTo");

        EmailReceipt second = receipt(post(bytes(other)));

        assertThat(second.duplicate()).isTrue();
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(view(first.emailId()).reasons())
                .anyMatch(r -> r.contains("burla@maligno.example") && r.contains("forged"));
        assertThat(graph.nodes("interaction")).hasSize(1);
    }

    @Test
    void shouldStoreNothingWhenItIsNoEmail() {
        byte[] pdf = Corpus.bytes("not-an-email-document.pdf");
        Answer answer = post(pdf);
        assertThat(answer.status()).isEqualTo(422);
        assertThat(Json.read(answer.text(), Problem.class).detail()).contains("a PDF document");
        assertThat(list("status=refused").stream().filter(r -> Sha256.of(pdf).equals(r.sha256())))
                .isNotEmpty();
        assertThat(post(new byte[0]).status()).isEqualTo(422);
        assertThat(graph.nodes("interaction")).isEmpty();
    }

    @Test
    void shouldGiveBackTheBytesWhenTheOwnerAsks() {
        byte[] large = Arrays.copyOf(mail("large"), 3 * 1024 * 1024 + 17);
        Arrays.fill(large, mail("large").length, large.length, (byte) 'z');
        receipt(post(large));
        String path = "/v1/blobs/" + Sha256.of(large);

        assertThat(as("user:owner").get(path).asByteArray()).isEqualTo(large);
        assertThat(as("system:tool-registry").get(path).statusCode()).isEqualTo(200);
        assertThat(as("system:supervisor").get(path).statusCode()).isEqualTo(403);
        assertThat(as("user:owner").get("/v1/blobs/" + "0".repeat(64)).statusCode())
                .isEqualTo(404);
    }

    @Test
    void shouldRefuseWhenTheCallerMayNotHandInMail() {
        assertThat(as("client:test")
                        .contentType("message/rfc822")
                        .body(mail("x"))
                        .post("/v1/emails")
                        .statusCode())
                .isEqualTo(403);
        assertThat(given().body(mail("x")).post("/v1/emails").statusCode()).isEqualTo(401);
        assertThat(as("user:owner").get("/v1/emails?status=nonsense").statusCode())
                .isEqualTo(400);
        assertThat(given().body("{}").post("/v1/webhooks/github").statusCode()).isEqualTo(401);
        assertThat(given().header("webhook-signature", "v1,x")
                        .body("{}")
                        .post("/v1/webhooks/github")
                        .statusCode())
                .isEqualTo(501);
        assertThat(as("user:owner").post("/v1/workers/enrich/runs").statusCode())
                .isEqualTo(501);
        assertThat(as("user:owner").post("/v1/workers/nobody/runs").statusCode())
                .isEqualTo(404);
        assertThat(as("user:owner").get("/v1/workers").asString())
                .contains("mail_inbox")
                .contains("mail_imap");
    }

    private String body(EmailView view) {
        return graph.byExternalId("interaction", String.valueOf(view.messageId()))
                .path("props")
                .path("body_text")
                .asText();
    }

    /** The mail of the corpus under an id of this run. */
    private byte[] unique(String name) {
        byte[] mail = Corpus.bytes(name + ".eml");
        String text = new String(mail, StandardCharsets.ISO_8859_1)
                .replaceFirst("Message-ID: <", "Message-ID: <" + mark + ".");
        if (!text.contains("Message-ID")) {
            text = text + mark;
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
