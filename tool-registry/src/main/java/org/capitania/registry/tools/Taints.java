package org.capitania.registry.tools;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.NodeView;

/** What of the nodes that are shown came from outside, as sources of a task's taint. A title is enough: whoever wrote a mail chose its subject. */
final class Taints {
    private Taints() {}

    static List<String> of(Collection<NodeView> nodes) {
        return nodes.stream()
                .filter(NodeView::tainted)
                .map(node -> "node:" + node.id())
                .toList();
    }

    /** Of a node in full, with the titles around it. */
    static List<String> of(NodeView.Detail detail) {
        List<NodeView.Brief> around =
                new ArrayList<>(detail.edges().stream().map(EdgeView::other).toList());
        around.add(detail.producer());
        return Stream.concat(of(List.of(detail.node())).stream(), around(detail.node(), around).stream())
                .toList();
    }

    /** Of the titles around a node: one source, however many they are. */
    static List<String> around(NodeView node, Collection<NodeView.Brief> shown) {
        return shown.stream().anyMatch(NodeView.Brief::tainted) ? List.of("around:" + node.id()) : List.of();
    }
}
