package org.capitania.registry.subagents;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
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
        require(call, call.actor());
    }

    /** The same of a call that is made for an agent. */
    public void require(Call call, String agent) {
        Optional<String> project = Child.project(agent);
        boolean notes = call.tool().name().equals(NOTES);
        if (project.isEmpty() || !call.verb().changes() || (call.tool().form().isEmpty() && !notes)) {
            return;
        }
        List<String> named = notes
                ? call.texts("about")
                : Stream.of("ref", "project")
                        .flatMap(name -> Stream.ofNullable(call.textOrNull(name)))
                        .toList();
        boolean own = !named.isEmpty() && named.stream().allMatch(ref -> belongs(call.scope(), ref, project.get()));
        if (!own || linksElsewhere(call, project.get())) {
            throw new CapitaniaException(
                            ErrorCode.CROSS_SCOPE_VIOLATION,
                            "the agent of project " + project.get() + " changes nothing of another")
                    .withHint("name your own project in " + (notes ? "about" : "project")
                            + ", or say in your last words what should be done");
        }
    }

    /** Whether it would link a record to another project, or to what belongs to one: what belongs to none, as a contact, is everybody's. */
    private boolean linksElsewhere(Call call, String project) {
        return call.tool().form().stream()
                .flatMap(form -> form.links().keySet().stream())
                .filter(argument -> !argument.equals("project"))
                .map(argument -> call.arguments().path(argument))
                .flatMap(given ->
                        given.isTextual() ? Stream.of(given) : StreamSupport.stream(given.spliterator(), false))
                .map(JsonNode::asText)
                .flatMap(ref -> graph.detail(call.scope(), ref).stream())
                .flatMap(detail -> projects(call.scope(), detail.node(), DEEPEST))
                .anyMatch(other -> !other.equals(project));
    }

    private Stream<String> projects(Scope scope, NodeView node, int deep) {
        if (node.type().equals("project")) {
            return Stream.of(node.slug().replaceFirst("^project[:-]", ""));
        }
        return deep == 0
                ? Stream.empty()
                : above(scope, node).flatMap(up -> projects(scope, graph.node(scope, up.id()), deep - 1));
    }

    private Stream<NodeView.Brief> above(Scope scope, NodeView node) {
        return Stream.concat(
                graph.linked(scope, node.id(), "belongs_to", EdgeView.Direction.OUT).stream(),
                graph.linked(scope, node.id(), "has_feature", EdgeView.Direction.IN).stream());
    }

    private boolean belongs(Scope scope, String ref, String project) {
        return projects(scope, graph.node(scope, ref), DEEPEST).anyMatch(project::equals);
    }
}
