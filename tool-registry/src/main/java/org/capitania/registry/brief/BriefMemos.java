package org.capitania.registry.brief;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.capitania.contract.Json;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.NotificationView.About;
import org.capitania.contract.event.MeetingDue.Guest;
import org.capitania.graphclient.Batch;
import org.capitania.graphclient.NodeQuery;
import org.capitania.registry.calendar.Meetings;
import org.capitania.registry.calendar.Meetings.Meeting;
import org.capitania.registry.freezing.Canonical;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.graph.Insiders;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.notify.OwnerNotices;
import org.capitania.registry.tools.Writes;
import org.capitania.servicekit.Scope;

/**
 * Writes one memo a day, or one a meeting, and tells the owner. It is final once the owner has been told, and {@code period_end} is when: by
 * that the watchdog knows a brief that was delivered. Written again it is the same memo, and the owner is told again only of another time.
 * The note for a meeting of which nobody was told that it is near stays a draft, so that notes are no way to tell the owner whatever one likes.
 */
@ApplicationScoped
class BriefMemos {
    private static final int LONGEST_TITLE = 300;

    private final Graph graph;
    private final Insiders company;
    private final Meetings meetings;
    private final Writes writes;
    private final OwnerNotices notices;
    private final Clock clock;

    BriefMemos(Graph graph, Insiders company, Meetings meetings, Writes writes, OwnerNotices notices, Clock clock) {
        this.graph = graph;
        this.company = company;
        this.meetings = meetings;
        this.writes = writes;
        this.notices = notices;
        this.clock = clock;
    }

    /**
     * Which memo.
     *
     * @param source with {@code id} its name elsewhere, so that there is one of it
     * @param begins the day, or the meeting
     * @param expected whether the owner is told of it: of each brief, and of a meeting that is near
     * @param about the contacts it concerns
     */
    private record Which(
            String source, String id, String kind, String title, Instant begins, boolean expected, List<String> about) {
        boolean is(NodeView memo) {
            return begins.toString().equals(memo.text("period_start"));
        }
    }

    Result write(Call call) {
        Which which = which(call);
        Optional<NodeView> before =
                graph
                        .find(
                                call.scope(),
                                NodeQuery.ofType("memo")
                                        .external(which.source(), which.id())
                                        .limit(1))
                        .stream()
                        .findFirst();
        boolean told = before.filter(memo -> "final".equals(memo.status()) && which.is(memo))
                .isPresent();
        boolean tells = !told && which.expected();
        String title = title(call.text("text"), which.title());
        Result written = writes.apply(
                call,
                before.map(memo -> again(call, which, memo, title, told)).orElseGet(() -> first(call, which, title)));
        String id = written.data().path("id").asText();
        if (tells) {
            notices.tell(
                    call,
                    "today",
                    call.text("headline").strip(),
                    List.of(new About(id, title)),
                    Canonical.sha256(
                            "hq_brief",
                            which.source(),
                            which.id(),
                            which.begins().toString()));
        }
        if (told || tells) {
            graph.change(
                    call.scope(),
                    "call:" + call.callId() + ":final",
                    new Batch()
                            .patch(
                                    id,
                                    memo -> memo.status("final")
                                            .prop("period_end", clock.instant().toString())));
        }
        ObjectNode data = Json.MAPPER
                .createObjectNode()
                .put("id", id)
                .put("slug", written.data().path("slug").asText())
                .put("created", before.isEmpty())
                .put("told", tells);
        return Result.of(data).audited(written.auditEventId());
    }

    private Which which(Call call) {
        Scope scope = call.scope();
        String event = call.textOrNull("event");
        if (event == null) {
            ZoneId zone = company.zone(scope);
            LocalDate day = clock.instant().atZone(zone).toLocalDate();
            return new Which(
                    "brief",
                    day.toString(),
                    "briefing",
                    "Brief of " + day,
                    day.atStartOfDay(zone).toInstant(),
                    true,
                    List.of());
        }
        Meeting meeting = meetings.next(scope, event);
        List<String> guests = meetings.outsiders(scope, meeting).stream()
                .map(Guest::contactId)
                .filter(Objects::nonNull)
                .toList();
        return new Which(
                "meeting",
                meeting.key(),
                "other",
                meeting.event().title(),
                meeting.startsAt(),
                meetings.toldOf(scope, meeting),
                guests);
    }

    private Batch first(Call call, Which which, String title) {
        Batch batch = new Batch()
                .create(
                        "memo",
                        "memo",
                        memo -> memo.externalIfAbsent(which.source(), which.id())
                                .status("draft")
                                .prop("title", title)
                                .prop("kind", which.kind())
                                .prop("body_md", call.text("text"))
                                .prop("period_start", which.begins().toString())
                                .occurredAt(clock.instant())
                                .tainted(writes.tainted(call)));
        which.about().forEach(contact -> batch.link("@memo", "about", contact));
        return batch;
    }

    private Batch again(Call call, Which which, NodeView before, String title, boolean told) {
        boolean tainted = writes.tainted(call);
        return new Batch().patch(before.id(), memo -> {
            memo.prop("title", title)
                    .prop("body_md", call.text("text"))
                    .prop("period_start", which.begins().toString());
            if (tainted) {
                memo.tainted(true);
            }
            if (!told) {
                // Of another time than it was told of: until that is told too.
                memo.status("draft");
            }
        });
    }

    /** Its first heading. */
    private static String title(String text, String otherwise) {
        String heading = text.lines()
                .filter(line -> line.startsWith("# "))
                .map(line -> line.substring(2).strip())
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElse(otherwise);
        return heading.length() <= LONGEST_TITLE ? heading : heading.substring(0, LONGEST_TITLE - 1) + "…";
    }
}
