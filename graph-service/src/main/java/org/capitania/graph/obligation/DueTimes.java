package org.capitania.graph.obligation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.capitania.contract.FieldError;
import org.jspecify.annotations.Nullable;

/** Works out the times that follow from others when an expectation or a turn state is written; nobody else writes them. */
@ApplicationScoped
public class DueTimes {
    private static final String OVERDUE_AT = "overdue_at";
    private static final String DUE_AT = "due_at";
    private static final String NEXT = "next_due_at";
    private static final String SINCE = "recurs_from";

    private static final Set<String> TYPES = Set.of("turn_state", "expectation");

    private final ObligationsConfig config;

    DueTimes(ObligationsConfig config) {
        this.config = config;
        hours(config.zone());
    }

    /** Whether nodes of a type have times that follow from others. */
    public static boolean concern(String type) {
        return TYPES.contains(type);
    }

    /**
     * The time zone a company works in: that of its own entity, else the one that is configured.
     *
     * @param own what the own entity says
     */
    public ZoneId zone(String tenant, @Nullable String own) {
        if (own != null) {
            try {
                return ZoneId.of(own);
            } catch (DateTimeException e) {
                // Written before such a zone was refused.
                Log.warnf("the own entity has no time zone that is known tenant=%s zone=%s", tenant, own);
            }
        }
        return config.zones().getOrDefault(tenant, config.zone());
    }

    /** The SLA that a turn state inherits. */
    public record Terms(@Nullable Integer hours, @Nullable String calendar) {
        public static final Terms NONE = new Terms(null, null);
    }

    /**
     * Sets the derived props of a node in place.
     *
     * @param zone the company's
     * @param at where its props are, for what is wrong
     * @return what is wrong with them
     */
    public List<FieldError> derive(
            ZoneId zone, String type, @Nullable String status, ObjectNode props, Terms terms, String at) {
        try {
            switch (type) {
                case "turn_state" -> overdue(zone, status, props, terms);
                case "expectation" -> {
                    due(zone, props);
                    return recurrence(zone, props, at);
                }
                default -> {}
            }
        } catch (DateTimeException e) {
            // A time that the schema refuses, with its path, a moment later.
            return List.of();
        }
        return List.of();
    }

    /** Whether the due time of an expectation is still to come. */
    public boolean hasTime(ObjectNode props, Instant now) {
        try {
            Instant due = time(props, DUE_AT);
            return due != null && due.isAfter(now);
        } catch (DateTimeException e) {
            // The schema refuses it a moment later.
            return false;
        }
    }

    /**
     * Works out again, in place, what was worked out in a zone that the company has left. What was given as an instant stays.
     *
     * @return whether anything has changed
     */
    public boolean move(ZoneId was, ZoneId is, String type, @Nullable String status, ObjectNode props, Terms terms) {
        ObjectNode before = props.deepCopy();
        try {
            if (type.equals("turn_state")) {
                ObjectNode there = props.deepCopy();
                ObjectNode here = props.deepCopy();
                overdue(was, status, there, terms);
                overdue(is, status, here, terms);
                if (!there.equals(here)) {
                    props.setAll(here);
                }
            } else if (type.equals("expectation")) {
                if (!moveSla(was, is, props)) {
                    moveSeries(was, is, props);
                }
                recurrence(is, props, "");
            }
        } catch (DateTimeException | IllegalArgumentException e) {
            // A time or a rule from before such a one was refused: nothing was worked out from it.
            Log.debugf("a %s keeps its due times: %s", type, e.getMessage());
            return false;
        }
        return !before.equals(props);
    }

    /** Whether the due time follows from an SLA; if so it is that of the new zone. */
    private boolean moveSla(ZoneId was, ZoneId is, ObjectNode props) {
        Instant due = time(props, DUE_AT);
        ObjectNode there = props.deepCopy();
        ObjectNode here = props.deepCopy();
        there.remove(DUE_AT);
        here.remove(DUE_AT);
        due(was, there);
        due(is, here);
        if (due == null || !due.equals(time(there, DUE_AT))) {
            return false;
        }
        if (due.equals(time(props, SINCE))) {
            props.set(SINCE, here.get(DUE_AT));
        }
        props.set(DUE_AT, here.get(DUE_AT));
        return true;
    }

    /** A due time of a rule goes to the time of that rule in the new zone that is nearest; the one that the rule counts from was given. */
    private static void moveSeries(ZoneId was, ZoneId is, ObjectNode props) {
        Instant due = time(props, DUE_AT);
        Instant from = time(props, SINCE);
        String rule = props.path("rrule").asText();
        boolean recurs = props.path("kind").asText().equals("recurring_obligation") && !rule.isEmpty();
        if (recurs
                && !props.has("timezone")
                && due != null
                && from != null
                && !due.equals(from)
                && Recurrence.of(rule, from, was).after(due.minusSeconds(1)).equals(Optional.of(due))) {
            Recurrence.of(rule, from, is).nearest(due).ifPresent(time -> props.put(DUE_AT, time.toString()));
        }
    }

    private void overdue(ZoneId zone, @Nullable String status, ObjectNode props, Terms terms) {
        Instant last = time(props, "last_turn_at");
        if (!"ours".equals(status)) {
            props.remove(OVERDUE_AT);
            return;
        }
        if (last == null) {
            return;
        }
        JsonNode own = props.get("turnaround_sla_hours");
        int hours = own != null && own.canConvertToInt() && own.intValue() > 0
                ? own.intValue()
                : terms.hours() != null ? terms.hours() : config.turnaroundHours();
        String calendar = props.path("sla_calendar").asText(terms.calendar() == null ? "" : terms.calendar());
        SlaCalendar which = calendar.isEmpty()
                ? terms.hours() == null && own == null ? config.turnaroundCalendar() : SlaCalendar.HOURS
                : calendar(calendar);
        props.put(OVERDUE_AT, deadline(last, hours, which, zone).toString());
    }

    private void due(ZoneId zone, ObjectNode props) {
        Instant asked = time(props, "asked_at");
        JsonNode hours = props.get("sla_hours");
        if (asked != null && hours != null && hours.canConvertToInt() && hours.intValue() > 0 && !props.has(DUE_AT)) {
            SlaCalendar calendar = calendar(props.path("sla_calendar").asText(SlaCalendar.HOURS.name()));
            props.put(DUE_AT, deadline(asked, hours.intValue(), calendar, zone).toString());
        }
    }

    private static List<FieldError> recurrence(ZoneId company, ObjectNode props, String at) {
        String rule = props.path("rrule").asText();
        if (rule.isEmpty() || !props.path("kind").asText().equals("recurring_obligation")) {
            props.remove(NEXT);
            return List.of();
        }
        Instant named = time(props, DUE_AT);
        Instant from = time(props, SINCE);
        Instant first = from == null ? named : from;
        ZoneId zone;
        try {
            zone = props.has("timezone") ? ZoneId.of(props.get("timezone").asText()) : company;
        } catch (DateTimeException e) {
            return wrong(
                    at + "/timezone", props.get("timezone").asText(), "an IANA time zone such as Europe/Lisbon", e);
        }
        try {
            Recurrence series = Recurrence.of(rule, first == null ? Instant.EPOCH : first, zone);
            if (first == null) {
                props.remove(NEXT);
                return List.of();
            }
            Instant due = named == null ? series.after(first.minusSeconds(1)).orElse(first) : named;
            Optional<Instant> next = series.next(due, time(props, NEXT));
            if (named == null) {
                props.put(DUE_AT, due.toString());
            }
            if (from == null) {
                props.put(SINCE, first.toString());
            }
            if (next.isPresent()) {
                props.put(NEXT, next.get().toString());
            } else {
                props.remove(NEXT);
            }
            return List.of();
        } catch (IllegalArgumentException e) {
            return wrong(at + "/rrule", rule, "an RFC 5545 rule such as FREQ=MONTHLY;BYMONTHDAY=1", e);
        }
    }

    private Instant deadline(Instant from, int hours, SlaCalendar calendar, ZoneId zone) {
        return switch (calendar) {
            case HOURS -> from.plus(Duration.ofHours(hours));
            case BUSINESS_HOURS -> hours(zone).after(from, hours);
        };
    }

    private BusinessHours hours(ZoneId zone) {
        return new BusinessHours(
                zone,
                config.days(),
                config.opens(),
                config.closes(),
                config.holidays().orElse(Set.of()));
    }

    private static SlaCalendar calendar(String text) {
        return text.equalsIgnoreCase(SlaCalendar.BUSINESS_HOURS.name())
                ? SlaCalendar.BUSINESS_HOURS
                : SlaCalendar.HOURS;
    }

    private static @Nullable Instant time(ObjectNode props, String name) {
        JsonNode value = props.get(name);
        return value == null || !value.isTextual()
                ? null
                : OffsetDateTime.parse(value.textValue()).toInstant();
    }

    private static List<FieldError> wrong(String path, String found, String allowed, Exception e) {
        return List.of(new FieldError(path, found, allowed, path + " is " + found + ": " + e.getMessage()));
    }
}
