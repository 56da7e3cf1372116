package org.capitania.supervisor.beats;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A schedule of five fields (minute, hour, day of month, month, day of week) with {@code *}, lists, ranges and steps, read on the clock of a
 * time zone. A local time that a change of the clock leaves out counts as the moment of the change; one that comes twice counts once, the
 * first time. Where both days are restricted either will do, as everywhere.
 */
final class Cron {
    /** The 29th of February is at most eight years away. */
    private static final int DAYS_AHEAD = 366 * 8 + 2;

    private final String text;
    private final SortedSet<Integer> minutes;
    private final SortedSet<Integer> hours;
    private final SortedSet<Integer> days;
    private final SortedSet<Integer> months;
    private final SortedSet<Integer> weekdays;
    private final boolean eitherDay;

    private Cron(String text, List<String> fields) {
        this.text = text;
        this.minutes = field(fields.get(0), 0, 59);
        this.hours = field(fields.get(1), 0, 23);
        this.days = field(fields.get(2), 1, 31);
        this.months = field(fields.get(3), 1, 12);
        this.weekdays = field(fields.get(4), 0, 7);
        if (weekdays.remove(0)) {
            weekdays.add(7);
        }
        this.eitherDay = !fields.get(2).startsWith("*") && !fields.get(4).startsWith("*");
    }

    /** Reads a schedule; an {@link IllegalArgumentException} says what is wrong with it. */
    static Cron parse(String text) {
        List<String> fields = List.of(text.strip().split("\\s+"));
        if (fields.size() != 5) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" has " + fields.size() + " fields, expected five: minute hour day month weekday");
        }
        return new Cron(text.strip(), fields);
    }

    /** The first due time after an instant. */
    Instant next(Instant after, ZoneId zone) {
        ZoneRules rules = zone.getRules();
        LocalDate day = LocalDateTime.ofInstant(after, zone).toLocalDate();
        for (int i = 0; i < DAYS_AHEAD; i++, day = day.plusDays(1)) {
            if (!fits(day)) {
                continue;
            }
            for (int hour : hours) {
                for (int minute : minutes) {
                    Instant due = instant(day.atTime(hour, minute), rules);
                    if (due.isAfter(after)) {
                        return due;
                    }
                }
            }
        }
        throw new IllegalArgumentException("\"" + text + "\" is never due");
    }

    private boolean fits(LocalDate day) {
        boolean ofMonth = days.contains(day.getDayOfMonth());
        boolean ofWeek = weekdays.contains(day.getDayOfWeek().getValue());
        return months.contains(day.getMonthValue()) && (eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek);
    }

    private static Instant instant(LocalDateTime local, ZoneRules rules) {
        List<ZoneOffset> offsets = rules.getValidOffsets(local);
        if (offsets.isEmpty()) {
            ZoneOffsetTransition gap = rules.getTransition(local);
            return gap.getInstant();
        }
        return local.toInstant(offsets.getFirst());
    }

    private static SortedSet<Integer> field(String text, int least, int most) {
        SortedSet<Integer> values = new TreeSet<>();
        for (String part : text.split(",", -1)) {
            String[] halves = part.split("/", 2);
            int step = halves.length == 1 ? 1 : number(halves[1], text, 1, most);
            int from = least;
            int to = most;
            if (!halves[0].equals("*")) {
                String[] ends = halves[0].split("-", 2);
                from = number(ends[0], text, least, most);
                to = ends.length == 2 ? number(ends[1], text, from, most) : halves.length == 2 ? most : from;
            }
            for (int value = from; value <= to; value += step) {
                values.add(value);
            }
        }
        return values;
    }

    private static int number(String digits, String field, int least, int most) {
        if (digits.matches("\\d{1,2}")) {
            int value = Integer.parseInt(digits);
            if (value >= least && value <= most) {
                return value;
            }
        }
        throw new IllegalArgumentException(
                "\"" + digits + "\" in \"" + field + "\", expected a number from " + least + " to " + most);
    }

    @Override
    public String toString() {
        return text;
    }
}
