package org.capitania.registry.calendar;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.event.MeetingDue.Guest;
import org.capitania.graphclient.NodeQuery;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.graph.Insiders;
import org.capitania.registry.mail.Address;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;

/** The meetings that are still to come, and who of outside comes to them. */
@ApplicationScoped
public class Meetings {
    /** How far ahead the next turn of what recurs is looked for. */
    private static final Duration FAR = Duration.ofDays(400);

    private static final int MOST_GUESTS = 20;

    private final Graph graph;
    private final Insiders company;
    private final Clock clock;
    private final Sql sql;

    Meetings(Graph graph, Insiders company, Clock clock, Sql sql) {
        this.sql = sql;
        this.graph = graph;
        this.company = company;
        this.clock = clock;
    }

    /**
     * One of them.
     *
     * @param key its own among all turns of what recurs; the same when it moves
     * @param zone of the company
     */
    public record Meeting(String key, NodeView event, Instant startsAt, ZoneId zone) {
        static Meeting of(Entry entry, ZoneId zone) {
            Instant start = entry.start().toInstant().truncatedTo(ChronoUnit.MILLIS);
            String rrule = entry.node().text("rrule");
            String id = entry.node().id();
            return new Meeting(rrule == null || rrule.isBlank() ? id : id + "@" + start, entry.node(), start, zone);
        }
    }

    /** Those that begin within a time from now, in order. */
    List<Meeting> within(Scope scope, Duration ahead) {
        ZoneId zone = company.zone(scope);
        NodeQuery planned = NodeQuery.ofType("event").prop("kind", "calendar").status("planned");
        return graph.all(scope, planned, Calendar.MOST).stream()
                .flatMap(node -> coming(node, zone, ahead).stream())
                .sorted(Comparator.comparing(Meeting::startsAt).thenComparing(Meeting::key))
                .toList();
    }

    /** The one that an event stands for now: its next turn, or its only time. */
    public Meeting next(Scope scope, String ref) {
        ZoneId zone = company.zone(scope);
        NodeView node = graph.node(scope, ref, "event");
        return coming(node, zone, FAR).stream()
                .findFirst()
                .or(() -> Entry.of(node, zone).map(entry -> Meeting.of(entry, zone)))
                .orElseThrow(() -> new CapitaniaException(ErrorCode.NOT_FOUND, ref + " has no time")
                        .withHint("calendar_read shows what stands in the calendar"));
    }

    /** Whether it was told at this time of it that it is near ({@code calendar.meeting_due}). */
    public boolean toldOf(Scope scope, Meeting meeting) {
        return sql.read(
                scope,
                tx -> tx.one(
                                "SELECT 1 FROM meeting_notices WHERE meeting = $1 AND starts_at = $2",
                                meeting.key(),
                                Times.db(meeting.startsAt()))
                        .isPresent());
    }

    private List<Meeting> coming(NodeView node, ZoneId zone, Duration ahead) {
        Instant now = clock.instant();
        Optional<Entry> entry = Entry.of(node, zone);
        return entry.map(e -> e.between(now, now.plus(ahead))).orElse(List.of()).stream()
                .map(turn -> Meeting.of(turn, zone))
                .filter(meeting -> meeting.startsAt().isAfter(now))
                .toList();
    }

    /** Who comes and does not belong to the company, by the addresses it names and the contacts it is linked to. */
    public List<Guest> outsiders(Scope scope, Meeting meeting) {
        Map<String, Guest> guests = new LinkedHashMap<>();
        List<NodeView> contacts = new ArrayList<>();
        for (NodeView.Brief linked :
                graph.linked(scope, meeting.event().id(), "has_participant", EdgeView.Direction.OUT)) {
            if (linked.type().equals("contact")) {
                graph.detail(scope, linked.id()).map(NodeView.Detail::node).ifPresent(contacts::add);
            }
        }
        addresses(meeting.event()).forEach(address -> {
            Optional<NodeView> contact = graph.contact(scope, address);
            if (contact.isPresent()) {
                contacts.add(contact.get());
            } else if (!company.inside(scope, address)) {
                guests.put(address, new Guest(address, null, null));
            }
        });
        for (NodeView contact : contacts) {
            if (!guests.containsKey(contact.id()) && !company.inside(scope, contact)) {
                guests.put(contact.id(), new Guest(contact.text("email"), contact.title(), contact.id()));
            }
        }
        return guests.values().stream().limit(MOST_GUESTS).toList();
    }

    private List<String> addresses(NodeView event) {
        return event.props()
                .path("attendees")
                .valueStream()
                .map(each -> Address.key(each.asText().strip()))
                .filter(address -> address.indexOf('@') > 0)
                .distinct()
                .toList();
    }
}
