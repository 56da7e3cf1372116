package org.capitania.registry.tools;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.NodeView;
import org.capitania.registry.graph.Graph;
import org.capitania.servicekit.Scope;

/** The nodes of whoever is meant by a name: a person's or an agent's producer, or a contact. */
@ApplicationScoped
class Persons {
    private static final Pattern BARE_NAME = Pattern.compile("[a-z][a-z0-9_-]{0,40}");

    private final Graph graph;

    Persons(Graph graph) {
        this.graph = graph;
    }

    /** The node's id; a bare name such as owner may have no node yet. */
    Optional<String> id(Scope scope, String name) {
        for (String ref : List.of("hq:user:" + name, "hq:agent:" + name, name)) {
            Optional<NodeView> node = graph.detail(scope, ref).map(NodeView.Detail::node);
            if (node.isPresent()
                    && List.of("producer", "contact").contains(node.get().type())) {
                return Optional.of(node.get().id());
            }
        }
        if (BARE_NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        throw new CapitaniaException(ErrorCode.NOT_FOUND, "nobody is called " + name)
                .withHint("name owner, chief or operator, or the slug of a contact");
    }
}
