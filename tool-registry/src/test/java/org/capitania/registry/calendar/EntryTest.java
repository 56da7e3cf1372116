package org.capitania.registry.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import org.capitania.contract.Json;
import org.capitania.contract.api.NodeView;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stands in the calendar when. */
class EntryTest {
    private static final ZoneId LISBON = ZoneId.of("Europe/Lisbon");

    @Test
    void shouldBeginAtTheSameHourOnBothSidesOfAClockChange() {
        // 25 October 2026 is when Lisbon goes back to winter time
        List<String> begins = starts("""
                {"starts_at":"2026-10-19T08:00:00Z","ends_at":"2026-10-19T09:00:00Z","rrule":"FREQ=WEEKLY;BYDAY=MO"}
                """, "2026-10-20T00:00:00Z", "2026-11-03T00:00:00Z");
        assertThat(begins).containsExactly("2026-10-26T09:00Z[Europe/Lisbon]", "2026-11-02T09:00Z[Europe/Lisbon]");
        // Its own zone counts where it says one
        assertThat(starts("""
                        {"starts_at":"2026-10-19T08:00:00Z","rrule":"FREQ=DAILY;COUNT=2","timezone":"America/New_York"}
                        """, "2026-10-01T00:00:00Z", "2026-11-03T00:00:00Z"))
                .containsExactly(
                        "2026-10-19T04:00-04:00[America/New_York]", "2026-10-20T04:00-04:00[America/New_York]");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-24T09:00:00Z, 2026-11-24T10:00:00Z, 0",
        "2026-11-24T09:00:00Z, 2026-11-24T10:01:00Z, 1",
        "2026-11-24T10:59:00Z, 2026-11-24T12:00:00Z, 1",
        "2026-11-24T11:00:00Z, 2026-11-24T12:00:00Z, 0",
    })
    void shouldTouchATimeOnlyWhileItLasts(String from, String to, int found) {
        assertThat(starts("{\"starts_at\":\"2026-11-24T10:00:00Z\",\"ends_at\":\"2026-11-24T11:00:00Z\"}", from, to))
                .hasSize(found);
    }

    @Test
    void shouldTakeWholeDaysOfTheZoneItIsIn() {
        // Given: from the 24th to the 25th, as calendars write it: until the midnight after
        NodeView fair = event("""
                {"starts_at":"2026-07-24T00:00:00+01:00","ends_at":"2026-07-26T00:00:00+01:00","all_day":true}
                """);
        JsonNode line = Entry.of(fair, LISBON).orElseThrow().line(ZoneId.of("Asia/Tokyo"));
        assertThat(line.path("starts_at").asText()).isEqualTo("2026-07-24");
        assertThat(line.path("ends_at").asText()).isEqualTo("2026-07-25");
        // And: one day, written as the same moment twice
        NodeView day = event("""
                {"starts_at":"2026-07-24T09:00:00Z","ends_at":"2026-07-24T09:00:00Z","all_day":true}
                """);
        assertThat(Entry.of(day, LISBON)
                        .orElseThrow()
                        .line(LISBON)
                        .path("ends_at")
                        .asText())
                .isEqualTo("2026-07-24");
        // And: whole days that recur over the clock change stay whole
        Entry weekend = Entry.of(event("""
                                {"starts_at":"2026-10-24T00:00:00+01:00","ends_at":"2026-10-26T00:00:00Z","all_day":true,
                                 "rrule":"FREQ=WEEKLY"}"""), LISBON).orElseThrow();
        Entry next = weekend.between(Instant.parse("2026-10-31T12:00:00Z"), Instant.parse("2026-10-31T13:00:00Z"))
                .getFirst();
        assertThat(next.line(LISBON).path("starts_at").asText()).isEqualTo("2026-10-31");
        assertThat(next.line(LISBON).path("ends_at").asText()).isEqualTo("2026-11-01");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FREQ=WEEKLY;UNTIL=20261207T235959Z | 2",
                "FREQ=WEEKLY;UNTIL=20261207 | 2",
                "FREQ=WEEKLY | 5",
                "FREQ=NEVER | 1",
                "FREQ=SECONDLY | 1",
            })
    void shouldHoldARuleToItsEndAndAnUnreadableOneToItsFirstTime(String rrule, int times) {
        assertThat(starts(
                        "{\"starts_at\":\"2026-11-30T10:00:00Z\",\"rrule\":\"" + rrule + "\"}",
                        "2026-11-30T00:00:00Z",
                        "2026-12-31T00:00:00Z"))
                .hasSize(times);
    }

    private static List<String> starts(String props, String from, String to) {
        return Entry.of(event(props), LISBON).orElseThrow().between(Instant.parse(from), Instant.parse(to)).stream()
                .map(Entry::start)
                .map(ZonedDateTime::toString)
                .toList();
    }

    private static NodeView event(String props) {
        @Nullable Instant none = null;
        return new NodeView(
                "id",
                "event",
                "event:it",
                "It",
                "planned",
                null,
                none,
                none,
                Json.read(props, JsonNode.class),
                List.of(),
                "root",
                null,
                null,
                null,
                Instant.EPOCH,
                none,
                1,
                false,
                null,
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH);
    }
}
