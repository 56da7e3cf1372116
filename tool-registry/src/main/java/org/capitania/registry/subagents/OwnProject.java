package org.capitania.registry.subagents;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.NodeView;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;
import org.capitania.servicekit.Scope;

/** A project agent changes records of its own project and of no other (invariant 18). */
@ApplicationScoped
public class OwnProject {
    /** A task belongs to a feature, and that to a project. */
    private static final int DEEPEST = 3;

    /** Has no form of a node, and names what it is about. */
    private static final String NOTES = "hq_event_log";

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,79}");

    private final Graph graph;

    OwnProject(Graph graph) {
        this.graph = graph;
    }

    /** The name by which a project's directory and its agent are called. */
    public static String name(NodeView project) {
        String name = project.slug().replaceFirst("^project[:-]", "");
        if (!NAME.matcher(name).matches()) {
            throw new CapitaniaException(ErrorCode.BAD_REQUEST, project.slug() + " cannot be the name of a directory")
                    .withHint("give the project a slug of lower-case letters, digits and dashes");
        }
        return name;
    }

    /** Refuses a change of what belongs elsewhere, and a new record that belongs nowhere. */
    public void require(Call call) {
        Optional<String> project = Child.project(call.actor());
        boolean notes = call.tool().name().equals(NOTES);
        if (project.isEmpty() || !call.verb().changes() || (call.tool().form().isEmpty() && !notes)) {
            return;
        }
        List<String> named = notes
                ? call.texts("about")
                : Stream.of("ref", "project")
                        .flatMap(name -> Stream.ofNullable(call.textOrNull(name)))
                        .toList();
        boolean own =
                !named.isEmpty() && named.stream().allMatch(ref -> belongs(call.scope(), ref, project.get(), DEEPEST));
        if (!own) {
            throw new CapitaniaException(
                            ErrorCode.CROSS_SCOPE_VIOLATION,
                            "the agent of project " + project.get() + " changes nothing of another")
                    .withHint("name your own project in " + (notes ? "about" : "project")
                            + ", or say in your last words what should be done");
        }
    }

    private boolean belongs(Scope scope, String ref, String project, int deep) {
        NodeView node = graph.node(scope, ref);
        if (node.type().equals("project")) {
            return name(node).equals(project);
        }
        return deep > 0
                && Stream.concat(
                                graph.linked(scope, node.id(), "belongs_to", EdgeView.Direction.OUT).stream(),
                                graph.linked(scope, node.id(), "has_feature", EdgeView.Direction.IN).stream())
                        .anyMatch(up -> belongs(scope, up.id(), project, deep - 1));
    }
}
