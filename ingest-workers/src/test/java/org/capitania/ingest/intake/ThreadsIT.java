package org.capitania.ingest.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.capitania.contract.api.EmailReceipt;
import org.capitania.contract.event.EmailReceived;
import org.capitania.contract.event.EmailReceived.Classification;
import org.capitania.ingest.IngestScenario;
import org.junit.jupiter.api.Test;

/** Threads by references alone, in whatever order their mails come. */
@QuarkusTest
class ThreadsIT extends IngestScenario {

    @Test
    void shouldFindOneThreadWhenItsMailsComeInAnyOrder() {
        for (int seed = 0; seed < 6; seed++) {
            // Given a thread of four, one of which says only what it answers
            String s = "-" + seed;
            List<byte[]> thread = new ArrayList<>(List.of(
                    mail("root" + s),
                    mail("one" + s, "In-Reply-To: " + id("root" + s), "References: " + id("root" + s)),
                    mail(
                            "two" + s,
                            "References: " + id("root" + s) + "\n " + id("one" + s),
                            "In-Reply-To: " + id("one" + s)),
                    mail("three" + s, "In-Reply-To: " + id("root" + s))));
            Collections.shuffle(thread, new Random(seed));

            // When
            List<String> conversations = thread.stream()
                    .map(m -> receipt(post(m)).conversation())
                    .distinct()
                    .toList();

            // Then
            assertThat(conversations).as("seed " + seed).hasSize(1);
        }
    }

    @Test
    void shouldJoinAReplyThatCameBeforeWhatItAnswersWhenItNamesNoRoot() {
        // Given the last reply, which names only its parent, and then the parent
        EmailReceipt last = receipt(post(mail("c", "In-Reply-To: " + id("b"))));
        EmailReceipt middle = receipt(post(mail("b", "References: " + id("a"), "In-Reply-To: " + id("a"))));
        EmailReceipt root = receipt(post(mail("a")));
        // Then all are one
        assertThat(List.of(middle.conversation(), root.conversation())).containsOnly(last.conversation());
    }

    @Test
    void shouldNotGuessWhenOnlyTheSubjectSaysItIsAReply() {
        EmailReceipt first = receipt(post(mail("question")));
        byte[] unrelated = bytes(
                new String(mail("reply"), StandardCharsets.UTF_8).replace("Subject: Rotulos", "Subject: Re: Rotulos"));
        assertThat(receipt(post(unrelated)).conversation()).isNotEqualTo(first.conversation());
    }

    @Test
    void shouldJoinOurOwnThreadWhenACustomerAnswersAMailThatOnlyTheGraphKnows() {
        // Given a mail of ours, which never came in
        String conversation = graph.sentMail("<sent." + mark + "@atelierframa.example>");
        // When it is answered
        EmailReceipt answer = receipt(post(mail("answer", "In-Reply-To: <sent." + mark + "@atelierframa.example>")));
        // Then the answer is in its conversation, and the thread is told to have grown
        assertThat(answer.conversation()).isEqualTo(conversation);
        awaitTold(id("answer"));
        events.await(EmailReceived.THREAD_UPDATED, e -> e.key().equals(conversation));
        assertThat(told(EmailReceived.THREAD_UPDATED, id("answer"))).hasSize(1);
    }

    @Test
    void shouldKnowOurOwnMailAgainWhenACopyOfItComesIn() {
        // Given a mail of ours in the graph, sent and never come in
        String sent = "<sent." + mark + "@atelierframa.example>";
        String conversation = graph.sentMail(sent);
        String node = graph.byExternalId("interaction", sent).path("id").asText();
        String copy = new String(mail("copy"), StandardCharsets.UTF_8).replace(id("copy"), sent);

        // When a mailing list sends it back under another From, and then a BCC of it comes as it was
        EmailReceipt fromList = receipt(post(bytes(copy.replace(
                "From: Marta Lopes <marta@quintadavinha.example>",
                "From: Frama via Feira <feira@lists.example>\nList-Id: <feira.lists.example>"))));
        EmailReceipt bcc = receipt(
                post(bytes(copy.replace("Marta Lopes <marta@quintadavinha.example>", "ola@atelierframa.example"))));

        // Then it is one interaction, in its conversation, and nobody answers it
        assertThat(List.of(fromList.id(), bcc.id())).containsOnly(node);
        assertThat(fromList.conversation()).isEqualTo(conversation);
        assertThat(bcc.duplicate()).isTrue();
        assertThat(graph.nodes("interaction")).hasSize(1);
        awaitTold(sent);
        assertThat(told(EmailReceived.TYPE, sent)).singleElement().satisfies(event -> {
            assertThat(event.classification()).isEqualTo(Classification.OWN);
            assertThat(event.answerable()).isFalse();
        });
        assertThat(view(fromList.emailId()).reasons()).anyMatch(r -> r.contains("feira@lists.example"));
    }

    @Test
    void shouldKnowOurOwnMailAgainWhenItComesFromOurAddress() {
        String sent = "<copy." + mark + "@atelierframa.example>";
        String conversation = graph.sentMail(sent);
        String copy = new String(mail("x"), StandardCharsets.UTF_8)
                .replace(id("x"), sent)
                .replace("marta@quintadavinha.example", "ola@atelierframa.example");

        EmailReceipt receipt = receipt(post(bytes(copy)));

        assertThat(receipt.classification()).isEqualTo(Classification.OWN);
        assertThat(receipt.conversation()).isEqualTo(conversation);
        assertThat(graph.nodes("interaction")).hasSize(1);
    }

    @Test
    void shouldTellOfAThreadOnlyWhenItExisted() {
        EmailReceipt first = receipt(post(mail("new")));
        receipt(post(mail("next", "In-Reply-To: " + id("new"), "Subject: something else altogether")));
        awaitTold(id("next"));
        events.await(EmailReceived.THREAD_UPDATED, e -> e.key().equals(first.conversation()));
        assertThat(told(EmailReceived.THREAD_UPDATED, id("new"))).isEmpty();
        assertThat(told(EmailReceived.THREAD_UPDATED, id("next"))).hasSize(1);
    }
}
