package org.capitania.ingest.mime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.capitania.contract.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MailParserTest {
    private static final DefaultPrettyPrinter PRINTER =
            new DefaultPrettyPrinter().withArrayIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);

    @TempDir
    Path dir;

    static List<Path> corpus() {
        return Corpus.mails();
    }

    /** Run with {@code -Dgolden=<directory>} to write what is read now into that directory, then look at the difference. */
    @ParameterizedTest
    @MethodSource("corpus")
    void shouldReadAsBeforeWhenTheCorpusIsRead(Path mail) throws IOException {
        Reading reading = Corpus.read(mail);
        String actual = Json.MAPPER.writer(PRINTER).writeValueAsString(reading) + "\n";
        String name = mail.getFileName() + ".json";
        String golden = System.getProperty("golden");
        if (golden != null) {
            Files.writeString(Path.of(golden, name), actual);
        }
        assertThat(actual).isEqualTo(Files.readString(mail.resolveSibling(name)));
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void shouldNeverFailWhenMailsAreDamaged(Path mail) throws IOException {
        byte[] original = Files.readAllBytes(mail);
        int seed = mail.getFileName().toString().hashCode();
        Random random = new Random(seed);
        for (int i = 0; i < 60; i++) {
            byte[] damaged = damage(original, random);
            Path file = Files.write(dir.resolve("damaged"), damaged);
            try {
                Reading reading = MailParser.read(file, Sha256.of(damaged));
                assertStorable(reading);
                assertThat(MailParser.read(file, Sha256.of(damaged))).isEqualTo(reading);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + " round " + i + " of " + mail.getFileName(), e);
            }
        }
    }

    @Test
    void shouldStayBoundedWhenAMailIsHostile() throws IOException {
        // Given mails made to blow up a parser: deep nesting, endless headers, a bomb of alternatives
        List<String> hostile = new ArrayList<>();
        StringBuilder nested = new StringBuilder("From: a@b.example\n");
        for (int i = 0; i < 3000; i++) {
            nested.append("Content-Type: multipart/mixed; boundary=b")
                    .append(i)
                    .append("\n\n--b")
                    .append(i)
                    .append('\n');
        }
        hostile.add(nested.append("\nthe end").toString());
        hostile.add("From: a@b.example\nSubject: " + "=?utf-8?q?".repeat(20_000) + "\n\nx");
        hostile.add("From: " + "a,".repeat(100_000) + "x@y.example\nTo: " + "<a,".repeat(80_000) + "\n\nx");
        hostile.add("From: a@b.example\nReferences: " + "a".repeat(2_000_000) + "\n\nx");
        hostile.add("From: a@b.example\nX: " + "(".repeat(1_000_000) + "\nContent-Type: text/plain; "
                + "(".repeat(1_000_000) + "\n\nx");
        hostile.add("From: a@b.example\nContent-Type: text/html\n\n"
                + "<div><b><a href='http://x.example'>".repeat(20_000) + "deep");
        hostile.add(
                "From: a@b.example\n\n" + " ".repeat(1_500_000) + "x\n" + "\n".repeat(1_000_000) + "> ".repeat(10_000));
        hostile.add("From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n" + "--b\n\nx\n".repeat(200_000));
        hostile.add("From: a@b.example\n" + "X-A: b\n".repeat(500_000) + "\nx");
        for (String mail : hostile) {
            byte[] bytes = mail.getBytes(StandardCharsets.UTF_8);
            Path file = Files.write(dir.resolve("hostile"), bytes);
            // When
            Reading reading = MailParser.read(file, Sha256.of(bytes));
            // Then it is read, and small
            assertStorable(reading);
        }
    }

    @Test
    void shouldCutTheTextWhenItIsLongerThanTheLimit() throws IOException {
        byte[] bytes = ("From: a@b.example\nContent-Type: text/plain; charset=utf-8\n\n" + "ação ".repeat(60_000))
                .getBytes(StandardCharsets.UTF_8);
        Path file = Files.write(dir.resolve("long"), bytes);
        ParsedMail mail = ((Reading.Mail) MailParser.read(file, Sha256.of(bytes))).mail();
        assertThat(mail.truncated()).isTrue();
        assertThat(mail.bodyText().getBytes(StandardCharsets.UTF_8).length)
                .isBetween(MailParser.BODY_LIMIT - 4, MailParser.BODY_LIMIT);
        assertThat(mail.bodyText()).doesNotContain("\uFFFD").startsWith("ação ação");
    }

    private static byte[] damage(byte[] original, Random random) {
        byte[] bytes = original.clone();
        int cuts = 1 + random.nextInt(4);
        for (int c = 0; c < cuts && bytes.length > 1; c++) {
            int at = random.nextInt(bytes.length);
            int length = Math.min(bytes.length - at, 1 + random.nextInt(40));
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes = Arrays.copyOf(bytes, at);
                case 2 -> bytes = splice(bytes, at, length, new byte[0]);
                case 3 -> bytes = splice(bytes, at, 0, Arrays.copyOfRange(bytes, at, at + length));
                case 4 ->
                    bytes = splice(
                            bytes,
                            at,
                            0,
                            SNIPPETS.get(random.nextInt(SNIPPETS.size())).getBytes(StandardCharsets.ISO_8859_1));
                default -> {
                    byte[] noise = new byte[length];
                    random.nextBytes(noise);
                    bytes = splice(bytes, at, length, noise);
                }
            }
        }
        return bytes;
    }

    private static final List<String> SNIPPETS = List.of(
            "=?",
            "?=",
            "=?utf-8?B?",
            "=?utf-16?Q?=00",
            "\0",
            "\r\n\r\n",
            "\n--",
            "Content-Type: multipart/mixed\n",
            "Content-Transfer-Encoding: base64\n",
            "charset=utf-16;",
            "charset=x-JISAutoDetect;",
            "charset=cp037;",
            "<",
            ">",
            "\"",
            "(",
            ";",
            ":",
            "=",
            "\u00ff\u00fe",
            "Date: 99 Foo 99999 99:99 +9999\n",
            "filename*0*=''%",
            "&#xD800;&#0;",
            "<blockquote>",
            "</p></b>",
            "On x wrote:\n");

    private static byte[] splice(byte[] bytes, int at, int removed, byte[] inserted) {
        byte[] out = new byte[bytes.length - removed + inserted.length];
        System.arraycopy(bytes, 0, out, 0, at);
        System.arraycopy(inserted, 0, out, at, inserted.length);
        System.arraycopy(bytes, at + removed, out, at + inserted.length, bytes.length - at - removed);
        return out;
    }

    private static void assertStorable(Reading reading) {
        if (reading instanceof Reading.Mail(ParsedMail mail)) {
            String json = Json.write(mail);
            assertThat(json).doesNotContain("\\u0000");
            assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(json)).isTrue();
            assertThat(mail.bodyText().getBytes(StandardCharsets.UTF_8).length)
                    .isLessThanOrEqualTo(MailParser.BODY_LIMIT);
            assertThat(mail.messageId()).startsWith("<").endsWith(">").hasSizeLessThan(1000);
            assertThat(mail.from().address()).contains("@");
            assertThat(mail.attachments()).hasSizeLessThanOrEqualTo(200);
            assertThat(json.length()).isLessThan(1_000_000);
        }
    }
}
