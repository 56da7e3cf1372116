package org.capitania.cli.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.capitania.cli.Failure;
import org.capitania.cli.text.Screen.Style;
import org.junit.jupiter.api.Test;

class TextTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Screen screen(boolean colour, int width) {
        return new Screen(
                new PrintStream(out, true, StandardCharsets.UTF_8), colour, width, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void shouldAlignColumnsAndCutTheLastOne() {
        new Table("NAME", "SIZE", "WHAT")
                .right(1)
                .row("a", "1", "short")
                .row("longer", "1000", "a text that is far too long for this screen")
                .print(screen(false, 40));

        assertThat(lines())
                .containsExactly(
                        "NAME    SIZE  WHAT", "a          1  short", "longer  1000  a text that is far too lo…");
    }

    @Test
    void shouldColourCellsWithoutMovingThem() {
        new Table("A", "B").row("x", "y").style(0, Style.GOOD).print(screen(true, 80));

        assertThat(lines().get(1)).isEqualTo("\u001b[32mx\u001b[0m  y");
    }

    @Test
    void shouldNotLetAStrangerSteerTheTerminal() {
        assertThat(Wrap.printable("a\u001b[2Jb\u202ec\u0007d")).isEqualTo("a[2Jbcd");
    }

    @Test
    void shouldLetOnlyItsOwnStylesThroughALine() {
        String hostile = "Re: \u001b]52;c;cm0gLXJm\u0007\u001b[2J\u009b31m\u202eHello\r";
        assertThat(line(false, hostile)).isEqualTo("Re: ]52;c;cm0gLXJm[2J31mHello\n");
        assertThat(line(false, "\u001b[31mred\u001b[0m")).isEqualTo("[31mred[0m\n");
        assertThat(line(true, "\u001b[31mred\u001b[0m" + hostile))
                .isEqualTo("\u001b[31mred\u001b[0mRe: ]52;c;cm0gLXJm[2J31mHello\n");
        assertThat(line(true, "two\nlines \u001b[8m")).isEqualTo("two\nlines [8m\n");
    }

    private static String line(boolean colour, String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new Screen(new PrintStream(out, true, StandardCharsets.UTF_8), colour, 80, Clock.fixed(NOW, ZoneOffset.UTC))
                .line(text);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldKnowTheWordThatWasMeant() {
        assertThat(Nearest.meant("serach", List.of("search", "status"))).isEqualTo("; did you mean search?");
        assertThat(Nearest.meant("lst", List.of("list", "last"))).isEqualTo("; did you mean last?");
        assertThat(Nearest.meant("frobnicate", List.of("search", "status"))).isEmpty();
        assertThat(Nearest.distance("ab", "ba")).isEqualTo(1);
        assertThat(Nearest.distance("", "abc")).isEqualTo(3);
    }

    @Test
    void shouldWrapParagraphsAndKeepQuotations() {
        assertThat(Wrap.lines("one two three four\n\n> five six seven eight nine", 16))
                .containsExactly("one two three", "four", "", "> five six seven", "> eight nine");
    }

    @Test
    void shouldSayAgesInTheirMostTellingUnit() {
        Ages ages = new Ages(NOW);

        assertThat(ages.of("2026-03-01T11:59:58Z")).isEqualTo("now");
        assertThat(ages.of("2026-03-01T11:59:00Z")).isEqualTo("60 s ago");
        assertThat(ages.of("2026-03-01T11:15:00+00:00")).isEqualTo("45 min ago");
        assertThat(ages.of("2026-02-28T12:00:00Z")).isEqualTo("24 h ago");
        assertThat(ages.of("2026-02-01T12:00:00Z")).isEqualTo("28 d ago");
        assertThat(ages.of("2026-03-01T14:00:00Z")).isEqualTo("in 2 h");
        assertThat(ages.of("last week")).isEqualTo("last week");
    }

    @Test
    void shouldShortenIdsToTheEndThatTellsThemApart() {
        String first = "0190aaaa-0000-7000-8000-0000deadbeef";
        String second = "0190aaaa-0000-7000-8000-0000deadbee0";

        assertThat(ShortIds.of(first)).isEqualTo("deadbeef");
        assertThat(ShortIds.of("some-slug")).isEqualTo("some-slug");
        assertThat(ShortIds.matching("deadbeef", List.of(first, second))).containsExactly(first);
        assertThat(ShortIds.matching("0190aaaa", List.of(first, second))).containsExactly(first, second);
        assertThat(ShortIds.matching("f", List.of(first, second))).isEmpty();
    }

    @Test
    void shouldReadTimesAsPeopleTypeThem() {
        assertThat(Durations.parse("90s")).isEqualTo(Duration.ofSeconds(90));
        assertThat(Durations.parse("15m")).isEqualTo(Duration.ofMinutes(15));
        assertThat(Durations.parse("PT1H")).isEqualTo(Duration.ofHours(1));
        assertThat(Durations.instant("2h", NOW, ZoneOffset.UTC)).isEqualTo("2026-03-01T10:00:00Z");
        assertThat(Durations.instant("2026-02-01", NOW, ZoneOffset.UTC)).isEqualTo("2026-02-01T00:00:00Z");
        assertThat(Durations.instant("2026-02-01T10:00:00+01:00", NOW, ZoneOffset.UTC))
                .isEqualTo("2026-02-01T09:00:00Z");
        assertThat(Durations.instant("2026-02-01 10:00:00", NOW, ZoneOffset.UTC))
                .isEqualTo("2026-02-01T10:00:00Z");
        assertThatThrownBy(() -> Durations.parse("soon")).isInstanceOf(Failure.class);
        assertThatThrownBy(() -> Durations.instant("yesterday", NOW, ZoneOffset.UTC))
                .isInstanceOf(Failure.class);
    }
}
