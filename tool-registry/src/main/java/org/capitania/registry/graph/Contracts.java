package org.capitania.registry.graph;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.capitania.contract.api.NodeView;
import org.capitania.graphclient.NodeQuery;
import org.capitania.servicekit.Scope;

/** How far the contracts are whose texts are files: what the graph says of the document that names the file's path, or has its name. */
@ApplicationScoped
public class Contracts {
    /** The one status in which a contract's file may be changed. */
    public static final String DRAFT = "draft";

    private static final Pattern FILE =
            Pattern.compile("(?:^|/)(outputs/contracts/(?:[^/]+/)*([^/]+?)(?:\\.[a-z0-9]+)?)$");

    private final Graph graph;

    Contracts(Graph graph) {
        this.graph = graph;
    }

    /** The statuses of what stands for this file: nothing when it is no contract's, a draft when nothing stands for it. */
    public Set<String> statuses(Scope scope, String path) {
        Matcher file = FILE.matcher(path);
        if (!file.find()) {
            return Set.of();
        }
        String name = file.group(2);
        Stream<NodeView> named = Stream.of(name, "document:" + name)
                .map(ref -> graph.detail(scope, ref))
                .flatMap(Optional::stream)
                .map(NodeView.Detail::node);
        Stream<NodeView> pathed =
                graph
                        .find(
                                scope,
                                NodeQuery.ofType("document")
                                        .prop("path", file.group(1))
                                        .limit(20))
                        .stream();
        Set<String> statuses = new LinkedHashSet<>();
        Stream.concat(named, pathed).forEach(node -> statuses.add(String.valueOf(node.status())));
        return statuses.isEmpty() ? Set.of(DRAFT) : statuses;
    }

    /** Whether a file is the text of a contract that is no draft any more. */
    public boolean settled(Scope scope, String path) {
        Set<String> statuses = statuses(scope, path);
        return !statuses.isEmpty() && !statuses.equals(Set.of(DRAFT));
    }
}
