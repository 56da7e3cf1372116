package org.capitania.registry.calendar;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.registry.graph.Insiders;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;

/** What stands in the calendar between two times, in order; what recurs stands there each time. */
@ApplicationScoped
class CalendarRead implements ToolHandler {
    private static final Duration LONGEST = Duration.ofDays(400);

    private final Calendar calendar;
    private final Insiders company;

    CalendarRead(Calendar calendar, Insiders company) {
        this.calendar = calendar;
        this.company = company;
    }

    @Override
    public String tool() {
        return "calendar_read";
    }

    @Override
    public boolean onlyLooks() {
        return true;
    }

    @Override
    public Result call(Call call) {
        Instant from = OffsetDateTime.parse(call.text("from")).toInstant();
        Instant to = OffsetDateTime.parse(call.text("to")).toInstant();
        if (!from.isBefore(to) || Duration.between(from, to).compareTo(LONGEST) > 0) {
            throw wrong("/to", call.text("to"), "after from, by " + LONGEST.toDays() + " days at most");
        }
        ZoneId own = company.zone(call.scope());
        String named = call.textOrNull("timezone");
        ZoneId shown = named == null ? own : zone(named);
        List<Entry> entries = calendar.nodes(call.scope(), null).stream()
                .flatMap(node -> Entry.of(node, own).stream())
                .flatMap(entry -> entry.between(from, to).stream())
                .sorted(Comparator.comparing(Entry::start)
                        .thenComparing(entry -> entry.node().id()))
                .toList();
        return Calendar.answer(entries, call.number("limit", 20), shown);
    }

    static ZoneId zone(String named) {
        try {
            return ZoneId.of(named);
        } catch (DateTimeException e) {
            throw wrong("/timezone", named, "a zone such as Europe/Lisbon");
        }
    }

    static CapitaniaException wrong(String path, String found, String allowed) {
        return new CapitaniaException(
                ErrorCode.SCHEMA_VIOLATION,
                path + " is " + found + "; expected " + allowed,
                List.of(new FieldError(path, found, allowed, path + ": expected " + allowed)));
    }
}
