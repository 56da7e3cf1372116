package org.capitania.graph.mutation;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Optional;
import org.capitania.graph.obligation.DueTimes;

/** Fills in what follows from the rest of a batch, before it is held against its types. */
final class Derivations {
    private static final String OVERDUE = "overdue";

    private Derivations() {}

    static void derive(DueTimes dueTimes, ZoneId zone, Instant now, Workspace work, Collection<EdgeDraft> edges) {
        for (Draft draft : work.drafts()) {
            if (draft.op >= 0 && draft.changed()) {
                work.errors.addAll(dueTimes.derive(
                        zone,
                        draft.type,
                        draft.status,
                        draft.props,
                        terms(draft, work.found, edges),
                        "/ops/" + draft.op + "/props"));
                if (draft.type.equals("expectation")
                        && OVERDUE.equals(draft.status)
                        && OVERDUE.equals(draft.statusBefore())
                        && draft.moved("due_at")
                        && dueTimes.hasTime(draft.props, now)) {
                    // Put off: it is overdue when its new time has come, and is told of then.
                    draft.status = "open";
                }
            }
        }
    }

    /** What a turn state inherits: from where it is, or from the conversation or engagement that this batch links it to. */
    private static DueTimes.Terms terms(Draft turn, Found found, Collection<EdgeDraft> edges) {
        if (!turn.type.equals("turn_state")) {
            return DueTimes.Terms.NONE;
        }
        Optional<DueTimes.Terms> own = found.terms(turn.id);
        for (EdgeDraft edge : edges) {
            if (own.isEmpty() && edge.type().name().equals("has_turn_state") && edge.to() == turn) {
                own = found.terms(edge.from().id).or(() -> ofSubject(edge.from(), found, edges));
            }
        }
        return own.orElse(DueTimes.Terms.NONE);
    }

    private static Optional<DueTimes.Terms> ofSubject(Draft conversation, Found found, Collection<EdgeDraft> edges) {
        return edges.stream()
                .filter(edge -> edge.type().name().equals("about") && edge.from() == conversation)
                .flatMap(edge -> found.terms(edge.to().id).or(() -> stated(edge.to())).stream())
                .findFirst();
    }

    /** What an engagement says that this batch makes. */
    private static Optional<DueTimes.Terms> stated(Draft engagement) {
        JsonNode hours = engagement.props.path("turnaround_sla_hours");
        return engagement.type.equals("engagement") && engagement.fresh() && hours.canConvertToInt()
                ? Optional.of(new DueTimes.Terms(
                        hours.intValue(), engagement.props.path("sla_calendar").textValue()))
                : Optional.empty();
    }
}
