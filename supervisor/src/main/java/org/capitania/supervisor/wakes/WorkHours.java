package org.capitania.supervisor.wakes;

import java.time.DateTimeException;
import java.time.LocalTime;

/** Hours of a day, each day the same; those that end before they begin go past midnight. */
record WorkHours(LocalTime from, LocalTime to) {

    /** Reads {@code 07:00-22:00}; anything else stops the start. */
    static WorkHours parse(String text) {
        String[] parts = text.strip().split("-", -1);
        try {
            if (parts.length == 2) {
                WorkHours hours = new WorkHours(LocalTime.parse(parts[0].strip()), LocalTime.parse(parts[1].strip()));
                if (!hours.from().equals(hours.to())) {
                    return hours;
                }
            }
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(wrong(text), e);
        }
        throw new IllegalArgumentException(wrong(text));
    }

    boolean hold(LocalTime time) {
        boolean begun = !time.isBefore(from);
        boolean over = !time.isBefore(to);
        return from.isBefore(to) ? begun && !over : begun || !over;
    }

    @Override
    public String toString() {
        return from + "-" + to;
    }

    private static String wrong(String text) {
        return "hq.roster.hours: \"" + text + "\" are no hours such as 07:00-22:00";
    }
}
