package org.capitania.graph.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinesTest {
    private static final int LONGEST = 100_000;

    @Test
    void shouldCountAndReturnEachLineWhateverPiecesItComesIn() throws IOException {
        for (long seed = 1; seed <= 50; seed++) {
            // Given
            Random random = new Random(seed);
            List<String> wanted = new ArrayList<>();
            for (int i = random.nextInt(40); i >= 0; i--) {
                wanted.add("é".repeat(random.nextInt(random.nextInt(10) == 0 ? 40_000 : 20)));
            }
            boolean ended = random.nextBoolean() || wanted.getLast().isEmpty();
            String file = String.join("\n", wanted) + (ended ? "\n" : "");
            // When
            Lines lines = new Lines(inPieces(file, random), LONGEST);
            List<String> found = new ArrayList<>();
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                found.add(new String(line, StandardCharsets.UTF_8));
            }
            // Then
            assertThat(found).as("seed " + seed).isEqualTo(wanted);
            assertThat(lines.number()).isEqualTo(wanted.size());
            // And: passing over some of them ends where reading them does
            int some = random.nextInt(wanted.size() + 1);
            Lines read = new Lines(inPieces(file, random), LONGEST);
            for (int i = 0; i < some; i++) {
                read.next();
            }
            Lines skipped = new Lines(inPieces(file, random), LONGEST);
            assertThat(skipped.skip(some)).as("seed " + seed).isTrue();
            assertThat(skipped.digest()).as("seed " + seed).isEqualTo(read.digest());
            assertThat(skipped.number()).isEqualTo(some);
            assertThat(skipped.next()).isEqualTo(read.next());
            assertThat(new Lines(inPieces(file, random), LONGEST).skip(wanted.size() + 1))
                    .isFalse();
        }
    }

    @Test
    void shouldGoOnBehindALineThatIsTooLong() throws IOException {
        // Given
        Lines lines = new Lines(
                new ByteArrayInputStream(("a\n" + "b".repeat(LONGEST + 1) + "\nc").getBytes(StandardCharsets.UTF_8)),
                LONGEST);
        lines.next();
        // Then
        assertThatThrownBy(lines::next).isInstanceOf(Lines.TooLong.class);
        assertThat(lines.number()).isEqualTo(2);
        assertThat(lines.next()).isEqualTo(new byte[] {'c'});
        assertThat(lines.ended()).isTrue();
    }

    private static InputStream inPieces(String text, Random random) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) {
            @Override
            public synchronized int read(byte[] into, int at, int length) {
                return super.read(into, at, Math.min(length, 1 + random.nextInt(5_000)));
            }
        };
    }
}
