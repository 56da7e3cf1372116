package org.capitania.registry.calendar;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.NodeView;
import org.capitania.graphclient.Batch;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.graph.Insiders;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.registry.mail.Address;
import org.capitania.registry.tools.Writes;
import org.capitania.servicekit.recur.WallClockSeries;
import org.jspecify.annotations.Nullable;

/** Puts an event into the company's own calendar. Nobody outside hears of it: an invitation would be a mail of its own. */
@ApplicationScoped
class CalendarCreateEvent implements ToolHandler {
    private final Graph graph;
    private final Insiders company;
    private final Writes writes;
    private final Clock clock;

    CalendarCreateEvent(Graph graph, Insiders company, Writes writes, Clock clock) {
        this.graph = graph;
        this.company = company;
        this.writes = writes;
        this.clock = clock;
    }

    /** Somebody who takes part: an address, the contact that has it, or both. */
    private record Person(
            @Nullable String address, @Nullable NodeView contact, boolean inside) {}

    @Override
    public String tool() {
        return "calendar_create_event";
    }

    @Override
    public Result call(Call call) {
        ZoneId own = company.zone(call.scope());
        String named = call.textOrNull("timezone");
        ZoneId zone = named == null ? own : CalendarRead.zone(named);
        Instant start = OffsetDateTime.parse(call.text("starts_at")).toInstant();
        Instant end = OffsetDateTime.parse(call.text("ends_at")).toInstant();
        boolean allDay = call.arguments().path("all_day").asBoolean();
        if (allDay ? end.isBefore(start) : !end.isAfter(start)) {
            throw CalendarRead.wrong("/ends_at", call.text("ends_at"), "after starts_at");
        }
        requireRule(call.textOrNull("rrule"), start, zone);
        List<Person> people = people(call);
        Set<String> addresses = new LinkedHashSet<>();
        people.forEach(person -> Optional.ofNullable(person.address()).ifPresent(addresses::add));
        Batch batch = new Batch()
                .create(
                        "event",
                        "event",
                        event -> event.status(
                                        end.isAfter(clock.instant()) || call.textOrNull("rrule") != null
                                                ? "planned"
                                                : "happened")
                                .prop("kind", "calendar")
                                .prop("title", call.text("title"))
                                .prop("starts_at", start.toString())
                                .prop("ends_at", end.toString())
                                .prop("all_day", allDay ? Boolean.TRUE : null)
                                .prop("rrule", call.textOrNull("rrule"))
                                .prop("timezone", zone.getId())
                                .prop("location", call.textOrNull("location"))
                                .prop("description_md", call.textOrNull("description"))
                                .prop("attendees", addresses.isEmpty() ? null : List.copyOf(addresses))
                                .occurredAt(start)
                                .tainted(writes.tainted(call)));
        people.forEach(person -> {
            if (person.contact() != null) {
                batch.link("@event", "has_participant", person.contact().id());
            }
        });
        String conversation = call.textOrNull("conversation_id");
        if (conversation != null) {
            batch.link("@event", "part_of", conversation);
        }
        return writes.apply(call, batch);
    }

    private static void requireRule(@Nullable String rrule, Instant start, ZoneId zone) {
        if (rrule == null) {
            return;
        }
        try {
            ZonedDateTime end = start.atZone(zone).plusYears(10);
            boolean any = WallClockSeries.of(rrule, LocalDateTime.ofInstant(start, zone), zone)
                    .times()
                    .takeWhile(time -> time.isBefore(end))
                    .anyMatch(time -> !time.toInstant().isBefore(start));
            if (!any) {
                throw new IllegalArgumentException("it has no time within ten years");
            }
        } catch (IllegalArgumentException e) {
            throw CalendarRead.wrong(
                    "/rrule", rrule, "an RFC 5545 rule such as FREQ=WEEKLY;BYDAY=MO (" + e.getMessage() + ")");
        }
    }

    /** Those who are invited have to be of the company; those who know of it may be anybody. */
    private List<Person> people(Call call) {
        List<Person> invited =
                call.texts("attendees").stream().map(who -> person(call, who)).toList();
        List<String> outside = new ArrayList<>();
        for (int i = 0; i < invited.size(); i++) {
            if (!invited.get(i).inside()) {
                outside.add(call.texts("attendees").get(i));
            }
        }
        if (!outside.isEmpty()) {
            throw new CapitaniaException(
                            ErrorCode.NOT_AVAILABLE_YET,
                            "people outside cannot be invited yet, an invitation does not leave as a mail: "
                                    + String.join(", ", outside))
                    .withHint("agree on the time by email_send and name them as participants");
        }
        List<Person> people = new ArrayList<>(invited);
        call.texts("participants").forEach(who -> people.add(person(call, who)));
        return people;
    }

    private Person person(Call call, String who) {
        if (who.indexOf('@') < 0) {
            NodeView contact = graph.node(call.scope(), who, "contact");
            String address = contact.text("email");
            return new Person(
                    address == null ? null : Address.key(address), contact, company.inside(call.scope(), contact));
        }
        String key = Address.parse(who, "/attendees").key();
        return new Person(key, graph.contact(call.scope(), key).orElse(null), company.inside(call.scope(), key));
    }
}
