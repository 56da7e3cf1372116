package org.capitania.registry.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that is linked, moved or special leads out of the root, and a file is replaced whole or not at all. */
class WorkspaceTest {
    private static final String SECRET = "what nobody may read";

    @TempDir
    Path scratch;

    private Path root;
    private Path outside;
    private Workspace workspace;

    @BeforeEach
    void open() throws IOException {
        root = Files.createDirectory(scratch.resolve("root"));
        outside = Files.createDirectory(scratch.resolve("outside"));
        Files.writeString(outside.resolve("secret.md"), SECRET);
        workspace = Workspace.open(root, Files.createDirectory(scratch.resolve("staging")));
    }

    @AfterEach
    void close() throws IOException {
        workspace.close();
    }

    @Test
    void shouldWriteAndReadWhereDirectoriesWereMissing() throws IOException {
        assertThat(workspace.replace(path("outputs/briefs/a.md"), null, bytes("one")))
                .isTrue();
        FileContent one = workspace.read(path("outputs/briefs/a.md")).orElseThrow();
        assertThat(one.text()).contains("one");
        assertThat(workspace.replace(path("outputs/briefs/a.md"), one.sha256(), bytes("two")))
                .isTrue();
        assertThat(root.resolve("outputs/briefs/a.md")).hasContent("two");
        assertThat(Files.list(root.resolve("outputs/briefs"))).hasSize(1);
        assertThat(workspace.below(FilePath.ROOT, p -> true))
                .extracting(e -> e.path().toString())
                .containsExactly("outputs/briefs/a.md");
        assertThat(workspace.read(path("outputs/none/a.md"))).isEmpty();
    }

    @Test
    void shouldLeaveAFileAloneWhenItIsNotWhatWasSeen() throws IOException {
        workspace.replace(path("a.md"), null, bytes("one"));
        assertThat(workspace.replace(path("a.md"), null, bytes("two"))).isFalse();
        assertThat(workspace.replace(path("a.md"), FileContent.sha256(bytes("other")), bytes("two")))
                .isFalse();
        assertThat(workspace.replace(path("b.md"), FileContent.sha256(bytes("other")), bytes("two")))
                .isFalse();
        assertThat(Files.list(root)).containsExactly(root.resolve("a.md"));
        assertThat(root.resolve("a.md")).hasContent("one");
    }

    @Test
    void shouldFollowNoLink() throws IOException {
        Files.createSymbolicLink(root.resolve("out"), outside);
        Files.createSymbolicLink(root.resolve("secret.md"), outside.resolve("secret.md"));
        Files.createSymbolicLink(root.resolve("dangling.md"), outside.resolve("fresh.md"));
        for (String name : new String[] {"out/secret.md", "secret.md", "dangling.md", "out/fresh.md"}) {
            refused(() -> workspace.read(path(name)));
            refused(() -> workspace.replace(path(name), null, bytes("x")));
        }
        assertThat(workspace.below(FilePath.ROOT, p -> true)).isEmpty();
        assertThat(Files.list(outside)).containsExactly(outside.resolve("secret.md"));
        assertThat(outside.resolve("secret.md")).hasContent(SECRET);
    }

    @Test
    void shouldReadNoFileThatHasAnotherName() throws IOException {
        Files.createLink(root.resolve("linked.md"), outside.resolve("secret.md"));
        refused(() -> workspace.read(path("linked.md")));
        refused(() -> workspace.replace(path("linked.md"), null, bytes("x")));
        assertThat(outside.resolve("secret.md")).hasContent(SECRET);
    }

    @Test
    void shouldOpenNothingSpecial() throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("mkfifo", root.resolve("pipe").toString())
                        .start()
                        .waitFor())
                .isZero();
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(root.resolve("socket")));
            for (String name : new String[] {"pipe", "socket"}) {
                refused(() -> workspace.read(path(name)));
                refused(() -> workspace.replace(path(name), null, bytes("x")));
                refused(() -> workspace.read(path(name + "/x")));
            }
            assertThat(workspace.below(FilePath.ROOT, p -> true)).isEmpty();
        }
        Files.createDirectory(root.resolve("d"));
        assertThatThrownBy(() -> workspace.read(path("d"))).hasMessageContaining("directory");
    }

    @Test
    void shouldReadNothingHuge() throws IOException {
        try (var file = Files.newByteChannel(
                root.resolve("huge"),
                java.nio.file.StandardOpenOption.CREATE_NEW,
                java.nio.file.StandardOpenOption.WRITE,
                java.nio.file.StandardOpenOption.SPARSE)) {
            file.position(1L << 40).write(java.nio.ByteBuffer.wrap(new byte[1]));
        }
        assertThatThrownBy(() -> workspace.read(path("huge")))
                .isInstanceOfSatisfying(
                        CapitaniaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE));
    }

    @Test
    void shouldKeepOneSpellingOfAName() throws IOException {
        workspace.replace(path("briefs/Aurora.md"), null, bytes("one"));
        for (String other : new String[] {"briefs/aurora.md", "Briefs/other.md"}) {
            assertThatThrownBy(() -> workspace.replace(path(other), null, bytes("two")))
                    .isInstanceOfSatisfying(
                            CapitaniaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DUPLICATE));
        }
    }

    @Test
    void shouldStayInsideWhenADirectoryIsExchangedForALinkMeanwhile() throws Exception {
        // Given: a directory that is a link to the outside every other moment
        Path directory = root.resolve("outputs");
        Path aside = root.resolve("aside");
        Files.createDirectory(directory);
        Files.writeString(directory.resolve("secret.md"), "ours");
        Path link = Files.createSymbolicLink(root.resolve("link"), outside);
        AtomicBoolean stop = new AtomicBoolean();
        Thread attacker = Thread.ofPlatform().start(() -> exchange(directory, aside, link, stop));
        // When
        int read = 0;
        int written = 0;
        for (int i = 0; i < 4000; i++) {
            Optional<String> text = text("outputs/secret.md");
            assertThat(text.orElse("")).isNotEqualTo(SECRET);
            read += text.isPresent() ? 1 : 0;
            written += i % 10 == 0 && wrote("outputs/w" + i + ".md") ? 1 : 0;
        }
        stop.set(true);
        attacker.join();
        // Then
        assertThat(read).isPositive();
        assertThat(written).isPositive();
        assertThat(Files.list(outside)).containsExactly(outside.resolve("secret.md"));
    }

    private static void exchange(Path directory, Path aside, Path link, AtomicBoolean stop) {
        while (!stop.get()) {
            try {
                Files.move(directory, aside, StandardCopyOption.ATOMIC_MOVE);
                Files.move(link, directory, StandardCopyOption.ATOMIC_MOVE);
                Files.move(directory, link, StandardCopyOption.ATOMIC_MOVE);
                Files.move(aside, directory, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                // A write made the directory anew while it was aside.
                putBack(directory, aside);
            }
        }
    }

    private static void putBack(Path directory, Path aside) {
        while (Files.exists(aside)) {
            try (Stream<Path> made = Files.walk(directory)) {
                for (Path path : made.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
                Files.move(aside, directory, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException | UncheckedIOException e) {
                // A write came in between: once more.
                Thread.onSpinWait();
            }
        }
    }

    private Optional<String> text(String name) {
        try {
            return workspace.read(path(name)).flatMap(FileContent::text);
        } catch (CapitaniaException | IOException e) {
            // It was the link at that moment.
            return Optional.empty();
        }
    }

    private boolean wrote(String name) {
        try {
            return workspace.replace(path(name), null, bytes("ours"));
        } catch (CapitaniaException | IOException e) {
            // It was the link at that moment.
            return false;
        }
    }

    private static void refused(ThrowingCallable act) {
        assertThatThrownBy(act)
                .isInstanceOfSatisfying(
                        CapitaniaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CROSS_SCOPE_VIOLATION));
    }

    private static FilePath path(String path) {
        return FilePath.of(path);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
