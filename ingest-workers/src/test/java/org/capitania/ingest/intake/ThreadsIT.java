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
    void shouldTellOfAThreadOnlyWhenItExisted() {
        EmailReceipt first = receipt(post(mail("new")));
        receipt(post(mail("next", "In-Reply-To: " + id("new"), "Subject: something else altogether")));
        awaitTold(id("next"));
        events.await(EmailReceived.THREAD_UPDATED, e -> e.key().equals(first.conversation()));
        assertThat(told(EmailReceived.THREAD_UPDATED, id("new"))).isEmpty();
        assertThat(told(EmailReceived.THREAD_UPDATED, id("next"))).hasSize(1);
    }
}
