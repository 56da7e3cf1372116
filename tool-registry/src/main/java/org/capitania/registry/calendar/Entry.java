package org.capitania.registry.calendar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAmount;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.capitania.contract.Json;
import org.capitania.contract.api.NodeView;
import org.capitania.servicekit.recur.WallClockSeries;
import org.jspecify.annotations.Nullable;

/**
 * One time at which something stands in the calendar: an event, one turn of an event that recurs, or a meeting that was held.
 *
 * @param end after {@code start}, or the same where nobody said how long it lasts
 * @param allDay whether it takes whole days, from the begin of the first to the begin of the day after the last
 */
record Entry(NodeView node, ZonedDateTime start, ZonedDateTime end, boolean allDay) {
    private static final int MOST_TURNS = 500;
    private static final int LONGEST = 500;

    /** The first, or only, time of a node; empty when it says none. */
    static Optional<Entry> of(NodeView node, ZoneId company) {
        boolean event = node.type().equals("event");
        Instant start = event
                ? time(node, "starts_at")
                : Optional.ofNullable(node.occurredAt()).orElseGet(() -> time(node, "received_at"));
        if (start == null) {
            return Optional.empty();
        }
        ZonedDateTime begin = start.atZone(zone(node, company));
        Instant said = event
                ? time(node, "ends_at")
                : start.plus(
                        Duration.ofMinutes(node.props().path("duration_minutes").asLong(0)));
        ZonedDateTime end = said == null || said.isBefore(start) ? begin : said.atZone(begin.getZone());
        return Optional.of(
                node.props().path("all_day").asBoolean()
                        ? wholeDays(node, begin, end)
                        : new Entry(node, begin, end, false));
    }

    /** From the begin of the first day to the begin of the day after the last. */
    private static Entry wholeDays(NodeView node, ZonedDateTime begin, ZonedDateTime end) {
        ZonedDateTime first = begin.toLocalDate().atStartOfDay(begin.getZone());
        ZonedDateTime last = end.toLocalDate().atStartOfDay(begin.getZone());
        boolean untilMidnight = last.isEqual(end) && last.isAfter(first);
        return new Entry(node, first, untilMidnight ? last : last.plusDays(1), true);
    }

    /** All its times that touch the time between two others; a rule that cannot be read leaves the first. */
    List<Entry> between(Instant from, Instant to) {
        Optional<WallClockSeries> series = series();
        if (series.isEmpty()) {
            return touches(from, to) ? List.of(this) : List.of();
        }
        TemporalAmount length =
                allDay ? Period.between(start.toLocalDate(), end.toLocalDate()) : Duration.between(start, end);
        ZonedDateTime earliest = from.atZone(start.getZone()).minus(length);
        return series.get()
                .times()
                .takeWhile(turn -> turn.toInstant().isBefore(to))
                .filter(turn -> !turn.isBefore(earliest))
                .limit(MOST_TURNS)
                .map(turn -> new Entry(node, turn, turn.plus(length), allDay))
                .filter(entry -> entry.touches(from, to))
                .toList();
    }

    private Optional<WallClockSeries> series() {
        String rrule = node.text("rrule");
        if (rrule == null || rrule.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(WallClockSeries.of(rrule, start.toLocalDateTime(), start.getZone()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private boolean touches(Instant from, Instant to) {
        return start.toInstant().isBefore(to)
                && (end.toInstant().isAfter(from) || !start.toInstant().isBefore(from));
    }

    /** As a tool shows it: times in one zone, whole days as dates with the last included. */
    ObjectNode line(ZoneId zone) {
        ObjectNode line = Json.MAPPER.createObjectNode().put("id", node.id()).put("slug", node.slug());
        line.put("title", cut(node.title())).put("kind", node.type().equals("event") ? "event" : "meeting");
        line.put("status", node.status());
        if (allDay) {
            line.put("starts_at", start.toLocalDate().toString())
                    .put("ends_at", end.toLocalDate().minusDays(1).toString())
                    .put("all_day", true);
        } else {
            line.put(
                            "starts_at",
                            start.withZoneSameInstant(zone).toOffsetDateTime().toString())
                    .put(
                            "ends_at",
                            end.withZoneSameInstant(zone).toOffsetDateTime().toString());
        }
        put(line, "rrule", node.text("rrule"));
        put(line, "location", node.text("location"));
        List<String> who = people().map(Entry::cut).toList();
        if (!who.isEmpty()) {
            line.set("attendees", Json.tree(who));
        }
        if (node.tainted()) {
            line.put("tainted", true);
        }
        return line;
    }

    /** Who takes part, as the node says it. */
    Stream<String> people() {
        return Stream.of("attendees", "participants", "from", "to", "cc")
                .map(node.props()::path)
                .flatMap(prop -> prop.isTextual() ? Stream.of(prop) : prop.valueStream())
                .map(JsonNode::asText);
    }

    private static ZoneId zone(NodeView node, ZoneId company) {
        String named = node.text("timezone");
        try {
            return named == null || named.isBlank() ? company : ZoneId.of(named);
        } catch (DateTimeException e) {
            return company;
        }
    }

    private static @Nullable Instant time(NodeView node, String prop) {
        String text = node.text(prop);
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static void put(ObjectNode line, String name, @Nullable String value) {
        if (value != null) {
            line.put(name, cut(value));
        }
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
