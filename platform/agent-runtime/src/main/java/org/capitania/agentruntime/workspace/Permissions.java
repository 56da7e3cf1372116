package org.capitania.agentruntime.workspace;

import java.util.List;
import java.util.Set;

/** What an agent may do: scopes for machines, and the rules in words that its prompt repeats. */
public record Permissions(Set<String> scopes, List<String> rules) {
    public Permissions {
        scopes = Set.copyOf(scopes);
        rules = List.copyOf(rules);
    }
}
