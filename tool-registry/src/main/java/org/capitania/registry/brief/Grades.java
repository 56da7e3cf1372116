package org.capitania.registry.brief;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.capitania.contract.Service;
import org.capitania.contract.api.AnnotationList;
import org.capitania.contract.api.AnnotationView;
import org.capitania.contract.api.EditList;
import org.capitania.contract.api.EditList.Edit;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.jspecify.annotations.Nullable;

/** What people made of the agents' drafts and steps: decisions and grades of approval-service, with the calls they are about from the journal. */
@ApplicationScoped
class Grades {
    /** Grades are looked at as far back. */
    private static final Duration GRADED = Duration.ofDays(90);

    /** So many decisions are looked at. */
    static final int EDITS = 200;

    private final Peers peers;
    private final Sql sql;

    Grades(Peers peers, Sql sql) {
        this.peers = peers;
        this.sql = sql;
    }

    /** The call that was graded. */
    record Step(String actor, String tool, @Nullable String task) {}

    /**
     * A step that people missed.
     *
     * @param step in their words
     * @param after the tool that it should have followed
     */
    record Missed(String step, String after, int times) {}

    /**
     * All of it.
     *
     * @param edits newest first
     * @param standing of each act its last grade
     * @param steps by the id of their call
     */
    record Graded(List<Edit> edits, Collection<AnnotationView> standing, Map<String, Step> steps) {

        /** How many acts of an agent got a grade since then. */
        long count(String agent, String grade, Instant since) {
            return standing.stream()
                    .filter(a -> a.grade().equals(grade) && !a.createdAt().isBefore(since))
                    .filter(a -> agent.equals(actor(a)))
                    .count();
        }

        /** Tasks in which an act was bad, or one was missing. */
        Set<String> unclean() {
            return standing.stream()
                    .filter(a -> a.grade().equals("bad") || a.grade().equals("missing"))
                    .flatMap(a -> Stream.ofNullable(task(a)))
                    .collect(Collectors.toSet());
        }

        /** What an agent left out since then, the most frequent first. */
        List<Missed> missed(String agent, Instant since) {
            Map<String, Missed> all = new LinkedHashMap<>();
            for (AnnotationView each : standing) {
                String note = each.note();
                if (note != null
                        && each.grade().equals("missing")
                        && !each.createdAt().isBefore(since)
                        && agent.equals(actor(each))) {
                    Step step = steps.get(each.actionId());
                    String words = note.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ");
                    all.merge(
                            words.strip(),
                            new Missed(note.strip(), step == null ? "" : step.tool(), 1),
                            (a, b) -> new Missed(b.step(), b.after(), a.times() + 1));
                }
            }
            return all.values().stream().sorted((a, b) -> b.times() - a.times()).toList();
        }

        @Nullable
        String task(String callId) {
            Step step = steps.get(callId);
            return step == null ? null : step.task();
        }

        private @Nullable String task(AnnotationView annotation) {
            return annotation.taskId() == null ? task(annotation.actionId()) : annotation.taskId();
        }

        private @Nullable String actor(AnnotationView annotation) {
            Step step = steps.get(annotation.actionId());
            return step == null ? null : step.actor();
        }
    }

    Graded of(Scope scope, Instant now) {
        List<Edit> edits =
                ask(scope, "/v1/edits?limit=" + EDITS, EditList.class).items();
        Map<String, AnnotationView> standing = new LinkedHashMap<>();
        ask(scope, "/v1/annotations?since=" + now.minus(GRADED), AnnotationList.class)
                .items()
                .forEach(annotation -> standing.put(annotation.actionId(), annotation));
        String[] calls = Stream.concat(edits.stream().map(Edit::actionId), standing.keySet().stream())
                .distinct()
                .toArray(String[]::new);
        return new Graded(edits, standing.values(), steps(scope, calls));
    }

    private Map<String, Step> steps(Scope scope, String[] calls) {
        Map<String, Step> steps = new HashMap<>();
        sql.read(
                        scope,
                        tx -> tx.query(
                                "SELECT call_id, actor, tool, task_id FROM calls WHERE call_id = ANY ($1)",
                                (Object) calls))
                .forEach(row -> steps.put(
                        row.getString("call_id"),
                        new Step(row.getString("actor"), row.getString("tool"), row.getString("task_id"))));
        return steps;
    }

    private <T> T ask(Scope scope, String path, Class<T> type) {
        return peers.get(Service.APPROVAL_SERVICE, path, scope, type, PeerOptions.DEFAULT.onBehalfOf(scope.actor()));
    }
}
