package org.capitania.ingest.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.capitania.contract.event.EmailReceived;
import org.capitania.ingest.FakeGraph;
import org.capitania.ingest.IngestScenario;
import org.capitania.ingest.mime.Corpus;
import org.capitania.ingest.mime.Sha256;
import org.capitania.testkit.FakePeers;
import org.junit.jupiter.api.Test;

/** A file dropped into the mail directory is an email received. */
@QuarkusTest
class InboxIT extends IngestScenario {
    private final Path mail = Path.of(System.getProperty("test.mail"));

    @Test
    void shouldTakeFilesAndMoveThemWhenTheyAreDropped() throws IOException {
        // Given two mails, one in two pieces, one that crashed while claimed, and something else
        Files.write(mail.resolve("inbox/" + mark + "-a.eml"), mail("a"));
        Path whole = Files.write(mail.resolve(mark + "-b.eml"), mail("b"));
        Files.move(whole, mail.resolve("claimed/" + mark + "-b.eml"));
        Files.write(mail.resolve("inbox/" + mark + "-c.pdf"), Corpus.bytes("not-an-email-document.pdf"));

        // Then each is where it belongs
        awaitTold(id("a"));
        awaitTold(id("b"));
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            assertThat(mail.resolve("processed/" + mark + "-a.eml")).exists();
            assertThat(mail.resolve("processed/" + mark + "-b.eml")).exists();
            assertThat(mail.resolve("rejected/" + mark + "-c.pdf")).exists();
        });
        assertThat(mail.resolve("rejected/" + mark + "-c.pdf.reason.txt"))
                .content()
                .contains("not_an_email")
                .contains("PDF");
        assertThat(find(id("a")).source()).isEqualTo("inbox:" + mark + "-a.eml");
        assertThat(told(EmailReceived.TYPE, id("b"))).hasSize(1);
        assertThat(list("status=refused").stream()
                        .filter(r -> r.source().equals("inbox:" + mark + "-c.pdf"))
                        .filter(r -> Sha256.of(Corpus.bytes("not-an-email-document.pdf"))
                                .equals(r.sha256())))
                .hasSize(1);
    }

    @Test
    void shouldRejectAFileThatIsTooLargeWithAReasonThatTheStoreShows() throws IOException {
        Path large = Files.write(mail.resolve(mark + "-large.eml"), mail("large"));
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(40L * 1024 * 1024);
        }
        Files.move(large, mail.resolve("inbox/" + mark + "-large.eml"));

        await().atMost(Duration.ofSeconds(20))
                .until(() -> Files.exists(mail.resolve("rejected/" + mark + "-large.eml")));
        assertThat(mail.resolve("rejected/" + mark + "-large.eml.reason.txt"))
                .content()
                .contains("message_too_large", "40.0 MB", "16 MB");
        assertThat(list("status=refused").stream().filter(r -> r.source().equals("inbox:" + mark + "-large.eml")))
                .singleElement()
                .satisfies(r -> assertThat(r.reasons().getFirst()).contains("40.0 MB"));
    }

    @Test
    void shouldTakeTheMailAndFinishLaterWhenTheGraphIsDown() throws IOException {
        peers.close();
        Files.write(mail.resolve("inbox/" + mark + "-d.eml"), mail("d"));
        await().atMost(Duration.ofSeconds(10)).until(() -> Files.exists(mail.resolve("processed/" + mark + "-d.eml")));
        assertThat(find(id("d")).status()).isEqualTo("received");
        peers = FakePeers.listen();
        graph = new FakeGraph(peers);
        awaitTold(id("d"));
    }
}
