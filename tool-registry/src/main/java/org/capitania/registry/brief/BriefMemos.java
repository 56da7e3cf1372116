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
import org.capitania.contract.api.NotificationView;
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
        boolean told(NodeView memo) {
            return "final".equals(memo.status()) && begins.toString().equals(memo.text("period_start"));
        }

        /** While one of it stands, the owner is not told again. */
        String matter() {
            return Canonical.sha256("hq_brief", source, id, begins.toString());
        }
    }

    /** What is kept, under its first heading. */
    private record Page(String title, String text, boolean tainted) {
        static Page of(String text, String otherwise, boolean tainted) {
            return new Page(BriefMemos.title(text, otherwise), text, tainted);
        }
    }

    Result write(Call call) {
        Which which = which(call);
        Optional<NodeView> before = before(call.scope(), which);
        boolean told = before.filter(which::told).isPresent();
        boolean tells = !told && which.expected();
        Page page = Page.of(call.text("text"), which.title(), writes.tainted(call));
        Result written = writes.apply(call, batch(which, before, page));
        String id = written.data().path("id").asText();
        if (tells) {
            notices.tell(
                    call, "today", call.text("headline").strip(), List.of(new About(id, page.title())), which.matter());
        }
        if (told || tells) {
            deliver(call.scope(), "call:" + call.callId(), id);
        }
        ObjectNode data = Json.MAPPER
                .createObjectNode()
                .put("id", id)
                .put("slug", written.data().path("slug").asText())
                .put("created", before.isEmpty())
                .put("told", tells);
        return Result.of(data).audited(written.auditEventId());
    }

    /** Keeps the page of a day for which no model is asked, and tells the owner; a day that had its brief keeps that one. */
    void write(Scope scope, String text, String headline) {
        Which which = today(scope);
        Optional<NodeView> before = before(scope, which);
        if (before.filter(which::told).isPresent()) {
            return;
        }
        String key = "brief:" + which.id();
        Page page = Page.of(text, which.title(), false);
        String id = graph.change(scope, key, batch(which, before, page))
                .results()
                .getFirst()
                .id();
        About memo = new About(id, page.title());
        notices.tell(
                scope,
                key,
                new NotificationView.Request("today", headline, List.of(memo), false, null, which.matter()));
        deliver(scope, key, id);
    }

    private Optional<NodeView> before(Scope scope, Which which) {
        return graph
                .find(
                        scope,
                        NodeQuery.ofType("memo")
                                .external(which.source(), which.id())
                                .limit(1))
                .stream()
                .findFirst();
    }

    private void deliver(Scope scope, String key, String id) {
        graph.change(
                scope,
                key + ":final",
                new Batch()
                        .patch(
                                id,
                                memo -> memo.status("final")
                                        .prop("period_end", clock.instant().toString())));
    }

    private Which today(Scope scope) {
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

    private Which which(Call call) {
        Scope scope = call.scope();
        String event = call.textOrNull("event");
        if (event == null) {
            return today(scope);
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

    private Batch batch(Which which, Optional<NodeView> before, Page page) {
        return before.map(memo -> again(which, memo, page)).orElseGet(() -> first(which, page));
    }

    private Batch first(Which which, Page page) {
        Batch batch = new Batch()
                .create(
                        "memo",
                        "memo",
                        memo -> memo.externalIfAbsent(which.source(), which.id())
                                .status("draft")
                                .prop("title", page.title())
                                .prop("kind", which.kind())
                                .prop("body_md", page.text())
                                .prop("period_start", which.begins().toString())
                                .occurredAt(clock.instant())
                                .tainted(page.tainted()));
        which.about().forEach(contact -> batch.link("@memo", "about", contact));
        return batch;
    }

    private Batch again(Which which, NodeView before, Page page) {
        return new Batch().patch(before.id(), memo -> {
            memo.prop("title", page.title())
                    .prop("body_md", page.text())
                    .prop("period_start", which.begins().toString());
            if (page.tainted()) {
                memo.tainted(true);
            }
            if (!which.told(before)) {
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
