package org.capitania.ingest.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailDirectoryTest {
    @TempDir
    Path mail;

    private Path inbox;
    private MailDirectory directory;

    @BeforeEach
    void create() {
        inbox = mail.resolve("inbox");
        directory = new MailDirectory(inbox);
        directory.create();
    }

    @Test
    void shouldWaitWhenAFileStillGrows() throws IOException {
        Path file = Files.writeString(inbox.resolve("a.eml"), "From: a@b.example\n");
        assertThat(directory.claim()).isEmpty();
        Files.writeString(file, "\nmore", StandardOpenOption.APPEND);
        assertThat(directory.claim()).isEmpty();
        assertThat(directory.claim()).containsExactly(mail.resolve("claimed/a.eml"));
        assertThat(file).doesNotExist();
    }

    @Test
    void shouldLeaveAloneWhatIsNotAFinishedFile() throws IOException {
        Files.writeString(inbox.resolve(".hidden"), "x");
        Files.writeString(inbox.resolve("b.eml.part"), "x");
        Files.createDirectory(inbox.resolve("folder"));
        Files.createSymbolicLink(inbox.resolve("link.eml"), Path.of("/etc/hostname"));
        Files.writeString(inbox.resolve("empty.eml"), "");
        directory.claim();
        assertThat(directory.claim()).isEmpty();
    }

    @Test
    void shouldOfferItAgainWhenItWasClaimedBeforeACrash() throws IOException {
        Files.writeString(mail.resolve("claimed/c.eml"), "x");
        assertThat(new MailDirectory(inbox).claim()).containsExactly(mail.resolve("claimed/c.eml"));
    }

    @Test
    void shouldKeepBothWhenNamesCollide() throws IOException {
        for (int i = 0; i < 2; i++) {
            Files.writeString(mail.resolve("claimed/d.eml"), "x" + i);
            directory.processed(mail.resolve("claimed/d.eml"));
            Files.writeString(mail.resolve("claimed/e.eml"), "x" + i);
            directory.rejected(mail.resolve("claimed/e.eml"), "because " + i);
        }
        assertThat(mail.resolve("processed/d.eml")).hasContent("x0");
        assertThat(mail.resolve("processed/d-2.eml")).hasContent("x1");
        assertThat(mail.resolve("rejected/e.eml.reason.txt")).hasContent("because 0");
        assertThat(mail.resolve("rejected/e-2.eml.reason.txt")).hasContent("because 1");
    }

    @Test
    void shouldLetOneWatchWhenTwoWantTo() throws IOException {
        FileLock first = Objects.requireNonNull(directory.lock());
        assertThat(new MailDirectory(inbox).lock()).isNull();
        assertThat(first.isValid()).isTrue();

        first.acquiredBy().close();
        try (FileLock next = new MailDirectory(inbox).lock()) {
            assertThat(next).extracting(FileLock::isValid).isEqualTo(true);
        }
    }
}
