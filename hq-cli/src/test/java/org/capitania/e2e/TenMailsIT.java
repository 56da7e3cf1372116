package org.capitania.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.capitania.contract.Service;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Ten mails at once, as bad as real ones are: each ends as a person would expect, and the store says what happened to it. */
class TenMailsIT {
    private static FleetUnderTest fleet;
    private static Company company;

    @BeforeAll
    static void up() {
        fleet = FleetUnderTest.shared();
        company = new Company(fleet);
    }

    @Test
    void shouldEndEachAsAPersonWouldExpectWhenTenComeAtOnce() throws Exception {
        // Given
        Map<String, Mail> mails = new LinkedHashMap<>();
        mails.put("attachment", mail("att").attachment("plan.pdf", "application/pdf", new byte[70_000]));
        mails.put(
                "html",
                mail("html").html("<html><body><p>When are <b>you</b> open?</p><script>x()</script></body></html>"));
        mails.put(
                "latin1",
                mail("latin1").body("Olá, a reunião é amanhã às dez?\r\n").encodedAs(StandardCharsets.ISO_8859_1));
        mails.put(
                "charset",
                mail("charset")
                        .header("Content-Type", "text/plain; charset=no-such-charset")
                        .body("Orçamento, por favor.\r\n")
                        .encodedAs(Charset.forName("windows-1252")));
        mails.put("no subject", mail("nosubject").without("Subject"));
        mails.put(
                "list",
                mail("list").header("List-Id", "Traders <list.trade.example>").header("Precedence", "list"));
        mails.put(
                "auto-reply",
                mail("auto").header("Auto-Submitted", "auto-replied").subject("Out of office"));
        Mail twice = mail("twice").subject("Twice");
        mails.put("first", twice);
        mails.put("again", twice);
        mails.put("huge", mail("huge").body("x".repeat(1000).concat("\r\n").repeat(20 * 1024)));
        // When: all at once
        Map<String, FleetUnderTest.Answer> answers = new LinkedHashMap<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(mails.size())) {
            Map<String, Future<FleetUnderTest.Answer>> running = new LinkedHashMap<>();
            for (Map.Entry<String, Mail> mail : mails.entrySet()) {
                Path file = Files.write(
                        Files.createTempFile(fleet.home(), "ten", ".eml"),
                        mail.getValue().bytes());
                Callable<FleetUnderTest.Answer> ingest = () -> fleet.hq("ingest", "email", file.toString(), "--json");
                running.put(mail.getKey(), threads.submit(ingest));
            }
            for (Map.Entry<String, Future<FleetUnderTest.Answer>> each : running.entrySet()) {
                answers.put(each.getKey(), each.getValue().get());
            }
        }
        // Then: the huge one is refused with a reason, the others are stored
        FleetUnderTest.Answer huge = answers.remove("huge");
        assertThat(huge.exit()).isEqualTo(1);
        assertThat(huge.error().path("code").asText()).isEqualTo("message_too_large");
        assertThat(huge.error().path("message").asText()).contains("16 MB");
        answers.forEach((name, answer) ->
                assertThat(answer.exit()).as("%s: %s", name, answer).isZero());
        // And the same Message-ID is one mail
        JsonNode first = answers.get("first").data().get(0);
        JsonNode again = answers.get("again").data().get(0);
        assertThat(first.path("id")).isEqualTo(again.path("id"));
        assertThat(List.of(
                        first.path("duplicate").asBoolean(),
                        again.path("duplicate").asBoolean()))
                .containsExactlyInAnyOrder(true, false);
        // And each text arrived as it was meant
        assertThat(text(answers, "html")).contains("When are you open?").doesNotContain("x()");
        assertThat(text(answers, "latin1")).contains("reunião é amanhã às dez");
        assertThat(text(answers, "charset")).contains("Orçamento");
        assertThat(node(answers, "attachment").path("props").path("attachments").toString())
                .contains("plan.pdf");
        // And a person's mails wait with an answer, the automated ones never do
        for (String name : List.of("attachment", "html", "latin1", "charset", "no subject", "first")) {
            assertThat(company.pendingProposalFor(conversation(answers, name))
                            .path("tool")
                            .asText())
                    .as(name)
                    .isEqualTo("email_send");
        }
        assertThat(company.proposals("pending").stream()
                        .map(p -> p.path("conversation").asText()))
                .doesNotContain(conversation(answers, "list"), conversation(answers, "auto-reply"))
                .as("one proposal a conversation")
                .doesNotHaveDuplicates();
        // And the store says what happened to each
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            JsonNode all = fleet.get(Service.INGEST_WORKERS, "/v1/emails?limit=500");
            assertThat(all.toString())
                    .contains("mailing_list")
                    .contains("auto_reply")
                    .contains("message_too_large");
        });
    }

    private static Mail mail(String who) {
        return Mail.from("Person <" + who + "@ten.example>").subject("About " + who);
    }

    private static String conversation(Map<String, FleetUnderTest.Answer> answers, String name) {
        return answers.get(name).data().get(0).path("conversation").asText();
    }

    private static JsonNode node(Map<String, FleetUnderTest.Answer> answers, String name) {
        return fleet.get(
                        Service.GRAPH_SERVICE,
                        "/v1/nodes/"
                                + answers.get(name).data().get(0).path("id").asText())
                .path("node");
    }

    private static String text(Map<String, FleetUnderTest.Answer> answers, String name) {
        return node(answers, name).path("props").path("body_text").asText();
    }
}
