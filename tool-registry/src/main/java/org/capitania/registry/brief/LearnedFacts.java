package org.capitania.registry.brief;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.capitania.contract.api.AnnotationView;
import org.capitania.contract.api.EditList.Edit;
import org.capitania.contract.api.NodeView;
import org.capitania.graphclient.NodeQuery;
import org.capitania.registry.brief.Grades.Graded;
import org.capitania.registry.graduation.Graduations;
import org.capitania.registry.graph.Graph;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;

/**
 * What was learned in a week (seeds 39.6): how people corrected drafts and steps, and what came of it: examples, playbooks, lessons,
 * graduations. Only what is stored, and no figure where there was nothing.
 */
@ApplicationScoped
class LearnedFacts {
    private static final int PAGE = 200;
    private static final int MOST = 5;
    private static final Set<String> CHANGED = Set.of("tweaked", "rewrote");
    private static final List<String> AGENTS = List.of("agent:chief", "agent:operator");

    private final Sql sql;
    private final Graph graph;
    private final Graduations graduations;

    LearnedFacts(Sql sql, Graph graph, Graduations graduations) {
        this.sql = sql;
        this.graph = graph;
        this.graduations = graduations;
    }

    /** From a Monday to before the next one, in the company's time zone. */
    record Week(Instant from, Instant until) {

        /** The one that a day's brief tells of: the week before, on Mondays. */
        static Optional<Week> before(LocalDate day, ZoneId zone) {
            return day.getDayOfWeek() == DayOfWeek.MONDAY
                    ? Optional.of(new Week(
                            day.minusWeeks(1).atStartOfDay(zone).toInstant(),
                            day.atStartOfDay(zone).toInstant()))
                    : Optional.empty();
        }

        boolean has(Instant at) {
            return !at.isBefore(from) && at.isBefore(until);
        }
    }

    void of(Scope scope, Graded graded, Week week, Section section) {
        corrections(graded.edits(), week, section);
        steps(graded, week, section);
        nodes("examples", "example", promoted(scope, week), section);
        nodes(
                "playbooks",
                "playbook",
                made(scope, week, NodeQuery.ofType("playbook").status("proposed", "canary", "active")),
                section);
        nodes(
                "lessons",
                "lesson",
                made(scope, week, NodeQuery.ofType("memory_entry").prop("kind", "anti_pattern")),
                section);
        List<Graduations.Decision> decisions =
                sql.read(scope, tx -> graduations.between(tx, week.from(), week.until()));
        figure(section, "graduations", decisions.size(), "decisions");
        decisions.forEach(decision -> item(section, "graduation")
                .put("agent", decision.agent())
                .put("act", decision.action())
                .put("granted", decision.granted()));
    }

    private static void corrections(List<Edit> all, Week week, Section section) {
        List<Edit> edits =
                all.stream().filter(edit -> week.has(edit.editedAt())).toList();
        long changed =
                edits.stream().filter(edit -> CHANGED.contains(edit.editType())).count();
        long rejected = edits.stream()
                .filter(edit -> edit.editType().equals("rejected"))
                .count();
        if (changed + rejected == 0) {
            return;
        }
        section.figure("decided", edits.size(), "drafts");
        figure(section, "changed", changed, "drafts");
        figure(section, "rejected", rejected, "drafts");
        edits.stream()
                .filter(edit ->
                        !edit.editType().equals("accepted") && !note(edit).isEmpty())
                .limit(MOST)
                .forEach(edit -> item(section, "correction")
                        .put("act", edit.tool())
                        .put("became", edit.editType())
                        .put("note", BriefFacts.cut(note(edit))));
        if (all.size() >= Grades.EDITS && week.has(all.getLast().editedAt())) {
            item(section, "note").put("note", "more was decided; the newest " + Grades.EDITS + " are counted");
        }
    }

    private static String note(Edit edit) {
        String notes = edit.notes();
        return notes == null ? "" : notes.strip();
    }

    private static void steps(Graded graded, Week week, Section section) {
        List<AnnotationView> grades = graded.standing().stream()
                .filter(grade -> week.has(grade.createdAt()))
                .toList();
        for (String grade : List.of("missing", "bad")) {
            long count =
                    grades.stream().filter(each -> each.grade().equals(grade)).count();
            figure(section, grade + "_steps", count, "grades");
        }
        Graded ofWeek = new Graded(graded.edits(), grades, graded.steps());
        for (String agent : AGENTS) {
            ofWeek.missed(agent, week.from()).stream()
                    .limit(MOST)
                    .forEach(missed -> item(section, "step")
                            .put("step", BriefFacts.cut(missed.step()))
                            .put("after", missed.after())
                            .put("times", missed.times()));
        }
    }

    /** Examples that somebody made active, by the journal of calls. */
    private List<NodeView> promoted(Scope scope, Week week) {
        List<String> ids = new ArrayList<>();
        sql.read(scope, tx -> tx.query("""
                                SELECT output ->> 'id' AS id, max(started_at) AS at FROM calls
                                 WHERE started_at >= $1 AND started_at < $2 AND tool = 'hq_examples_promote' AND status = 'done'
                                   AND input ->> 'status' = 'active' AND output ->> 'id' IS NOT NULL
                                 GROUP BY 1 ORDER BY 2 DESC LIMIT $3
                                """, Times.db(week.from()), Times.db(week.until()), PAGE))
                .forEach(row -> ids.add(row.getString("id")));
        return ids.stream()
                .flatMap(id -> graph.detail(scope, id).stream())
                .map(NodeView.Detail::node)
                .toList();
    }

    private List<NodeView> made(Scope scope, Week week, NodeQuery query) {
        return graph.find(scope, query.limit(PAGE)).stream()
                .filter(node -> week.has(node.createdAt()))
                .toList();
    }

    private static void nodes(String figure, String kind, List<NodeView> nodes, Section section) {
        figure(section, figure, nodes.size(), "records");
        nodes.stream().limit(MOST).forEach(node -> {
            String body = node.text("body_md");
            ObjectNode item = BriefFacts.item(section, node).put("learned", kind);
            if (kind.equals("lesson") && body != null) {
                item.put("title", BriefFacts.cut(body));
            }
        });
    }

    private static void figure(Section section, String name, long value, String unit) {
        if (value > 0) {
            section.figure(name, value, unit);
        }
    }

    private static ObjectNode item(Section section, String kind) {
        return section.item().put("learned", kind);
    }
}
