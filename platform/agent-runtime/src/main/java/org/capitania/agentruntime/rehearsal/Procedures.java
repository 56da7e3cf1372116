package org.capitania.agentruntime.rehearsal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.capitania.agentruntime.rehearsal.Procedure.Outcome;
import org.capitania.agentruntime.rehearsal.Scene.Seen;
import org.capitania.agentruntime.transcript.Incoming;
import org.capitania.contract.Json;

/** Which procedure is played for what came in. */
final class Procedures {
    private static final Procedure MAIL = new MailProcedure();
    private static final Procedure RELATION = new RelationProcedure();
    private static final Procedure MEETING = new MeetingProcedure();
    private static final Procedure TRIAGE = new TriageProcedure();
    private static final Procedure ANSWER = new AnswerProcedure();
    private static final Procedure NOTES = new NotesProcedure();
    private static final Procedure SUBAGENT = new SubagentProcedure();

    /** By type; an event's subject as a further segment comes first. */
    private static final Map<String, Procedure> BY_TYPE = Map.ofEntries(
            Map.entry("email.received", MAIL),
            Map.entry("email.thread.updated", MAIL),
            Map.entry("interaction.overdue", MAIL),
            Map.entry("entity.temperature_changed", RELATION),
            Map.entry("customer.churn_signal", RELATION),
            Map.entry("customer.expand_signal", RELATION),
            Map.entry("prospect.created", RELATION),
            Map.entry("engagement.stage_changed", new StageProcedure()),
            Map.entry("proposal.draft_requested", new WritingProcedure()),
            Map.entry("obligation.due", new ObligationProcedure()),
            Map.entry("calendar.external_changed", MEETING),
            Map.entry("calendar.meeting_due", MEETING),
            Map.entry("beat.fired.chief_brief", new BriefProcedure()),
            Map.entry("owner.dm", new OwnerProcedure()),
            Map.entry("producer.unmapped", TRIAGE),
            Map.entry("event.unclassified", TRIAGE),
            Map.entry("feature.status_changed", TRIAGE),
            Map.entry("kb.ingest.completed", TRIAGE),
            Map.entry("finance.anomaly", TRIAGE),
            Map.entry("agent_incident.created", TRIAGE),
            Map.entry("alert.fired", TRIAGE),
            Map.entry("alert.cleared", TRIAGE),
            Map.entry("task.assigned_to", new WorkProcedure()),
            Map.entry("proposal.requested", new ChangeProcedure()),
            Map.entry("review.resolved", new NightProcedure()),
            Map.entry("beat.fired.operator_night", new NightProcedure()),
            Map.entry("beat.fired.operator_learning", new NightProcedure()));

    private Procedures() {}

    /** Whether a trigger, as a workspace writes it, has a procedure of its own. */
    static boolean plays(String trigger) {
        return BY_TYPE.keySet().stream().anyMatch(type -> trigger.equals(type) || trigger.startsWith(type + "."));
    }

    /** The next move of a subagent, which is told in its header what it is there for. */
    static Move started(String header, Scene scene, Paths paths, String company) {
        Incoming question = new Incoming(
                "question",
                "subagent",
                "",
                null,
                Instant.EPOCH,
                false,
                Json.MAPPER.createObjectNode().put("text", header));
        return turn(List.of(new Seen(-1, question)), SUBAGENT, scene, paths, company);
    }

    /** The next move: for each thing that came in, in order, until one of them has something left to do. */
    static Move next(Scene scene, boolean asked, Paths paths, String company) {
        if (scene.seen().isEmpty()) {
            return Move.done(new Outcome("Nothing came in.", "noted: nothing came in"));
        }
        if (asked) {
            return turn(List.of(scene.seen().getFirst()), ANSWER, scene, paths, company);
        }
        Map<String, Seen> last = new LinkedHashMap<>();
        // Of several mails of one thread the latest is answered, and one that may be answered before one that may not.
        scene.seen().forEach(s -> last.merge(matter(s), s, (a, b) -> answerable(b) || !answerable(a) ? b : a));
        return turn(List.copyOf(last.values()), null, scene, paths, company);
    }

    private static Move turn(
            List<Seen> matters,
            @org.jspecify.annotations.Nullable Procedure only,
            Scene scene,
            Paths paths,
            String company) {
        List<Outcome> outcomes = new ArrayList<>();
        try {
            for (Seen seen : matters) {
                Procedure procedure = only == null ? of(seen) : only;
                outcomes.add(procedure.play(new Play(scene, seen, paths, company)));
            }
        } catch (Play.Turn turn) {
            return turn.move();
        }
        return Move.done(new Outcome(
                String.join("\n", outcomes.stream().map(Outcome::text).toList()),
                String.join(
                        "; ", outcomes.stream().map(Outcome::reason).distinct().toList())));
    }

    /** A mail is a matter of its thread, anything else is one of its own. */
    private static String matter(Seen seen) {
        return of(seen) == MAIL ? "mail" : seen.item().id();
    }

    private static boolean answerable(Seen seen) {
        return of(seen) == MAIL
                && seen.item()
                        .data()
                        .path("answerable")
                        .asBoolean(!seen.item().type().startsWith("email."));
    }

    private static Procedure of(Seen seen) {
        String type = seen.item().type();
        if (type.equals("proposal.stale")
                && seen.item().data().path("tool").asText().equals("email_send")) {
            // What it rested on has changed: the thread is read and answered anew.
            return MAIL;
        }
        Procedure exact = BY_TYPE.get(type + "." + seen.item().subject());
        return exact != null ? exact : BY_TYPE.getOrDefault(type, NOTES);
    }
}
