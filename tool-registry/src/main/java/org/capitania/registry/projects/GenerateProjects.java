package org.capitania.registry.projects;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.Map;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.api.NodeView;
import org.capitania.graphclient.Batch;
import org.capitania.graphclient.NodeQuery;
import org.capitania.registry.files.GeneratedFiles;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.subagents.OwnProject;
import org.capitania.servicekit.Scope;

/**
 * Makes the workspace of a project, six files and the producer of its agent: of each that is in focus or now, and of one whose agent is started.
 * What leaves the focus keeps its files.
 */
@ApplicationScoped
public class GenerateProjects {
    private static final int MOST = 100;

    private final Graph graph;
    private final GeneratedFiles files;
    private final ProjectTemplate template = new ProjectTemplate();

    GenerateProjects(Graph graph, GeneratedFiles files) {
        this.graph = graph;
        this.files = files;
    }

    /** Those in focus or now; how many files were written. */
    int look(String tenant) {
        Scope scope = scope(tenant);
        Map<String, NodeView> projects = new LinkedHashMap<>();
        for (String priority : new String[] {"focus", "now"}) {
            NodeQuery query = NodeQuery.ofType("project")
                    .priority(priority)
                    .status("planned", "in_progress", "on_hold")
                    .limit(MOST);
            graph.find(scope, query).forEach(project -> projects.putIfAbsent(project.id(), project));
        }
        return projects.values().stream()
                .mapToInt(project -> madeOrLeft(tenant, project))
                .sum();
    }

    /** One that cannot be made, because of its name say or of what stands in its place, keeps no other from being made. */
    private int madeOrLeft(String tenant, NodeView project) {
        try {
            return make(tenant, project.id());
        } catch (CapitaniaException e) {
            if (e.code().type().retryable()) {
                throw e;
            }
            Log.warnf(
                    "files of a project cannot be made tenant=%s project=%s why=%s",
                    tenant, project.slug(), e.detail());
            return 0;
        }
    }

    /** One project; how many of its files were written. */
    public int make(String tenant, String project) {
        Scope scope = scope(tenant);
        NodeView.Detail detail = graph.detail(scope, project, "project");
        String name = OwnProject.name(detail.node());
        ProjectFacts facts = ProjectFacts.of(graph, scope, detail);
        int written = 0;
        for (Map.Entry<String, String> file : template.filled(facts.values()).entrySet()) {
            String path = "projects/" + name + "/" + file.getKey();
            written += files.put(scope, path, file.getValue(), facts.tainted()) ? 1 : 0;
        }
        producer(scope, name);
        return written;
    }

    private void producer(Scope scope, String name) {
        String actor = "agent:project:" + name;
        if (graph.find(scope, NodeQuery.ofType("producer").external("cc", actor))
                .isEmpty()) {
            graph.change(
                    scope,
                    "project-producer:" + name,
                    new Batch()
                            .create(
                                    "producer",
                                    "producer",
                                    node -> node.slug("cc:" + actor)
                                            .externalIfAbsent("cc", actor)
                                            .status("active")
                                            .prop("name", "Agent of project " + name)
                                            .prop("kind", "project")
                                            .prop("role", "project:" + name)
                                            .prop("actor", actor)
                                            .prop("trust", "internal")));
        }
    }

    private static Scope scope(String tenant) {
        return Scope.of(tenant, "system:tool-registry", "files of projects, from the graph");
    }
}
