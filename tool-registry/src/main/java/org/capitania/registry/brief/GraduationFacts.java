package org.capitania.registry.brief;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.capitania.contract.Json;
import org.capitania.contract.api.EditList.Edit;
import org.capitania.graphclient.NodeQuery;
import org.capitania.registry.brief.Grades.Graded;
import org.capitania.registry.catalogue.Catalogue;
import org.capitania.registry.catalogue.Risk;
import org.capitania.registry.graduation.Graduations;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;

/** How near each outward act that agents have drafted is to its graduation. */
@ApplicationScoped
class GraduationFacts {
    private static final int PINNED = 100;

    private final Sql sql;
    private final Graph graph;
    private final Graduations graduations;
    // By instance: the catalogue is made of the handlers, and one of them asks this.
    private final Instance<Catalogue> catalogue;

    GraduationFacts(Sql sql, Graph graph, Graduations graduations, Instance<Catalogue> catalogue) {
        this.sql = sql;
        this.graph = graph;
        this.graduations = graduations;
        this.catalogue = catalogue;
    }

    /** Of one agent. */
    private record Act(String agent, String tool) {}

    void of(Scope scope, Graded graded, Instant since, Section section) {
        Map<Act, List<Edit>> drafts = graded.edits().stream()
                .filter(draft -> outward(draft.tool()))
                .collect(Collectors.groupingBy(
                        draft -> new Act(draft.agent(), draft.tool()), LinkedHashMap::new, Collectors.toList()));
        int ready = 0;
        for (Map.Entry<Act, List<Edit>> each : drafts.entrySet()) {
            Act act = each.getKey();
            Readiness readiness = Readiness.of(act.agent(), each.getValue(), graded, pinned(scope, act), since);
            boolean stands = sql.read(scope, tx -> graduations.stands(tx, Call.role(act.agent()), act.tool()));
            ready += readiness.ready() && !stands ? 1 : 0;
            ObjectNode item = section.item()
                    .put("agent", Call.role(act.agent()))
                    .put("act", act.tool())
                    .put("ready", readiness.ready())
                    .put("graduated", stands)
                    .put("approvals", readiness.approvals())
                    .put("clean", Section.decimal(readiness.clean()))
                    .put("diff", Section.decimal(readiness.diff()))
                    .put("rejections", readiness.rejections())
                    .put("pinned", readiness.pinned())
                    .put("clean_tasks", Section.decimal(readiness.cleanTasks()))
                    .put("bad", readiness.bad())
                    .put("missing", readiness.missing());
            readiness.lacking().forEach(item.putArray("lacking")::add);
        }
        section.figure("ready", ready, "acts");
    }

    private int pinned(Scope scope, Act act) {
        return graph.find(
                        scope,
                        NodeQuery.ofType("success_example")
                                .prop("tool", act.tool())
                                .prop("owner_pinned", "true")
                                .limit(PINNED))
                .size();
    }

    private boolean outward(String tool) {
        return catalogue
                .get()
                .find(tool)
                .filter(definition -> definition.verbs().isEmpty())
                .map(definition ->
                        definition.verb(Json.MAPPER.createObjectNode()).risk() == Risk.OUTBOUND)
                .orElse(false);
    }
}
