package org.capitania.registry.brief;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.Json;
import org.capitania.contract.api.BudgetStanding;
import org.capitania.contract.api.BudgetView;
import org.capitania.contract.api.FiguresView.WriteConflict;
import org.capitania.contract.api.NodeView;
import org.capitania.registry.brief.Grades.Graded;
import org.capitania.registry.brief.Grades.Missed;
import org.capitania.registry.brief.LearnedFacts.Week;
import org.capitania.registry.graph.Insiders;
import org.capitania.registry.handler.Result;
import org.capitania.registry.models.BudgetStandings;
import org.capitania.registry.reconcile.WriteConflicts;
import org.capitania.servicekit.Scope;

/**
 * What the owner's brief rests on, figure by figure, each with its source. What a source that does not answer would have said is left out and
 * said so: a brief is never more wanted than on such a day.
 */
@ApplicationScoped
class BriefFacts {
    private static final Duration NIGHT = Duration.ofHours(24);
    private static final Duration FORTNIGHT = Duration.ofDays(14);
    private static final String CHIEF = "agent:chief";
    private static final int MOST = 5;
    private static final int LONGEST = 300;

    private final Insiders company;
    private final CompanyFacts facts;
    private final BudgetStandings budgets;
    private final WriteConflicts conflicts;
    private final Grades grades;
    private final GraduationFacts graduations;
    private final LearnedFacts learned;
    private final UtilizationFacts utilization;
    private final Clock clock;

    BriefFacts(
            Insiders company,
            CompanyFacts facts,
            BudgetStandings budgets,
            WriteConflicts conflicts,
            Grades grades,
            GraduationFacts graduations,
            LearnedFacts learned,
            UtilizationFacts utilization,
            Clock clock) {
        this.company = company;
        this.facts = facts;
        this.budgets = budgets;
        this.conflicts = conflicts;
        this.grades = grades;
        this.graduations = graduations;
        this.learned = learned;
        this.utilization = utilization;
        this.clock = clock;
    }

    Result of(Scope scope) {
        Instant now = clock.instant();
        ZoneId zone = company.zone(scope);
        LocalDate day = now.atZone(zone).toLocalDate();
        ObjectNode data = Json.MAPPER
                .createObjectNode()
                .put("day", day.toString())
                .put("timezone", zone.getId())
                .put("since", now.minus(NIGHT).toString());
        company.language(scope).ifPresent(language -> data.put("language", language));
        Supplier<Graded> graded = once(() -> grades.of(scope, now));
        List<Section> sections = new ArrayList<>();
        sections.add(section("queue", "approval-service: proposals and reviews", s -> facts.queue(scope, now, s)));
        sections.add(section("gaps", "graph-service: gap views", s -> facts.gaps(scope, s)));
        sections.add(section("pipeline", "graph-service: projection pipeline", s -> facts.pipeline(scope, s)));
        sections.add(section("costs", "tool-registry: budgets", s -> costs(scope, s)));
        sections.add(section("write_conflicts", "tool-registry: journal of calls", s -> conflicts(scope, now, s)));
        sections.add(section(
                "graduation",
                "approval-service: decisions and grades of the last 30; graph-service: pinned examples",
                s -> graduations.of(scope, graded.get(), now.minus(FORTNIGHT), s)));
        sections.add(section(
                "missing_steps",
                "approval-service: grades of 14 days",
                s -> missed(graded.get(), now.minus(FORTNIGHT), s)));
        sections.add(section(
                "utilization", "tool-registry: journal of calls of 30 days", s -> utilization.of(scope, now, s)));
        Week.before(day, zone)
                .ifPresent(week -> sections.add(section(
                        "learned",
                        "approval-service: decisions and grades; tool-registry: promotions and graduations; graph-service: playbooks and lessons; all of the week before",
                        s -> learned.of(scope, graded.get(), week, s))));
        ArrayNode all = data.putArray("sections");
        sections.forEach(section -> all.add(section.data()));
        return Result.of(data)
                .taintedBy(sections.stream().flatMap(s -> s.taints().stream()).toList());
    }

    private static Section section(String name, String source, Consumer<Section> fill) {
        Section section = new Section(name, source);
        try {
            fill.accept(section);
        } catch (CapitaniaException e) {
            section.unavailable(e.detail());
        }
        return section;
    }

    private void costs(Scope scope, Section section) {
        BudgetView view = budgets.all(scope);
        section.figure(
                "month",
                view.month().takenUsd().doubleValue(),
                "USD",
                view.month().capUsd().doubleValue());
        if (view.breaker()) {
            section.item().put("note", "nine tenths of the month's ceiling are used: what can wait waits");
        } else if (view.demote()) {
            section.item().put("note", "the month would end above its ceiling: smaller models do the routine");
        }
        for (BudgetStanding agent : view.agents()) {
            section.figure(
                    agent.role() + " today",
                    agent.day().takenUsd().doubleValue(),
                    "USD",
                    agent.day().capUsd().doubleValue());
            if (agent.hold() != null) {
                section.item()
                        .put("agent", agent.role())
                        .put("held", agent.hold().reason());
            }
        }
    }

    private void conflicts(Scope scope, Instant now, Section section) {
        List<WriteConflict> found = conflicts.since(scope, now.minus(NIGHT));
        section.figure("write_conflicts", found.size(), "targets", 0);
        found.stream().limit(MOST).forEach(conflict -> {
            ObjectNode item = section.item().put("target", conflict.target()).put("title", cut(conflict.title()));
            conflict.actors().forEach(item.putArray("actors")::add);
            item.put("writes", conflict.calls().size()).put("at", conflict.at().toString());
            // Its title may be the words of somebody outside, and the conflict does not say.
            section.tainted("node:" + conflict.target());
        });
    }

    private static void missed(Graded graded, Instant since, Section section) {
        section.figure("missing_steps", graded.count(CHIEF, "missing", since), "grades", Readiness.MISSING);
        section.figure("bad_steps", graded.count(CHIEF, "bad", since), "grades", Readiness.BAD);
        for (Missed missed : graded.missed(CHIEF, since).stream().limit(MOST).toList()) {
            section.item()
                    .put("step", cut(missed.step()))
                    .put("after", missed.after())
                    .put("times", missed.times());
        }
    }

    static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    /** A line about a node, with its taint. */
    static ObjectNode item(Section section, NodeView node) {
        if (node.tainted()) {
            section.tainted("node:" + node.id());
        }
        return section.item().put("id", node.id()).put("title", cut(node.title()));
    }

    /** Asked when it is first wanted; what failed is asked again. */
    private static <T> Supplier<T> once(Supplier<T> ask) {
        List<T> kept = new ArrayList<>(1);
        return () -> {
            if (kept.isEmpty()) {
                kept.add(ask.get());
            }
            return kept.getFirst();
        };
    }
}
