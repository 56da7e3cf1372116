package org.capitania.registry.curation;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.capitania.contract.Json;
import org.capitania.contract.api.CurationRequest;
import org.capitania.contract.api.CurationView;
import org.capitania.registry.outside.OutsideTools;
import org.capitania.servicekit.Tx;

/** What each agent was granted: what its workspace asks for and the owner gave beside it, as far as its ceiling reaches. */
@ApplicationScoped
public class Curations {
    private final Ceilings ceilings;
    private final Grants grants;
    private final OutsideTools outside;

    Curations(Ceilings ceilings, Grants grants, OutsideTools outside) {
        this.ceilings = ceilings;
        this.grants = grants;
        this.outside = outside;
    }

    /** The most a role can be granted: tool name to actions. */
    public Map<String, Set<String>> ceiling(String role) {
        return ceilings.of(role);
    }

    /** Whom a role may start, as its workspace says. */
    public List<CurationRequest.Subagent> subagents(Tx tx, String role) {
        return tx.one("SELECT subagents::text AS subagents FROM curations WHERE role = $1", role)
                .map(row -> List.of(Json.read(row.getString("subagents"), CurationRequest.Subagent[].class)))
                .orElse(List.of());
    }

    CurationView register(Tx tx, String role, CurationRequest request) {
        Map<String, Set<String>> ceiling = ceilings.of(role);
        List<String> granted = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        request.tools().stream()
                .distinct()
                .sorted()
                .forEach(tool -> (ceiling.containsKey(tool) ? granted : refused).add(tool));
        tx.execute(
                """
                INSERT INTO curations (role, tools, refused, workspace_version, subagents) VALUES ($1, $2, $3, $4, $5::text::jsonb)
                ON CONFLICT (tenant_id, role) DO UPDATE
                   SET tools = excluded.tools, refused = excluded.refused, subagents = excluded.subagents,
                       workspace_version = excluded.workspace_version, registered_at = clock_timestamp()
                """,
                role,
                granted.toArray(String[]::new),
                refused.toArray(String[]::new),
                request.workspaceVersion(),
                Json.write(request.subagents() == null ? List.of() : request.subagents()));
        return new CurationView(role, granted, refused, request.workspaceVersion());
    }

    /** What an outside client was granted; it stands in the reviewed file alone. */
    public Map<String, Set<String>> ofClient(String client) {
        return client.startsWith("client:") ? ceilings.of(client) : Map.of();
    }

    /** What any outside client may be granted; as long as this process runs it stays what it is. */
    public Map<String, Set<String>> ofClients() {
        return ceilings.ofClients();
    }

    /** The actions of one tool that were granted, as {@link #granted} has them; empty when it was not: this is asked at each call of an agent. */
    public Optional<Set<String>> granted(Tx tx, String role, String tool) {
        if (OutsideTools.named(tool) && !role.startsWith("client:")) {
            return outside.granted(tx, role).contains(tool)
                    ? Optional.of(Set.of(Ceilings.EVERY_ACTION))
                    : Optional.empty();
        }
        boolean asked = tx.one("SELECT asked FROM standing(current_tenant(), NULL, NULL, $1, $2)", role, tool)
                .map(row -> row.getBoolean("asked"))
                .orElse(false);
        return granted(role, tool, asked);
    }

    /**
     * The same of a tool of the catalogue.
     *
     * @param asked whether the role's workspace asks for it, or the owner gave it beside that
     */
    public Optional<Set<String>> granted(String role, String tool, boolean asked) {
        return asked || asksForAll(role) ? Optional.ofNullable(ceilings.of(role).get(tool)) : Optional.empty();
    }

    /** Tool name to granted actions; empty for an agent that has not registered. A ceiling that came down since holds at once. */
    public Map<String, Set<String>> granted(Tx tx, String role) {
        if (asksForAll(role)) {
            return ceilings.of(role);
        }
        Set<String> asked = new HashSet<>();
        tx.one("SELECT tools FROM curations WHERE role = $1", role).ifPresent(row -> {
            asked.addAll(Arrays.asList(row.getArrayOfStrings("tools")));
            asked.addAll(grants.tools(tx, role));
        });
        Map<String, Set<String>> granted = new TreeMap<>(ceilings.of(role));
        granted.keySet().retainAll(asked);
        // Those of outside servers are the owner's word alone; a workspace cannot know them.
        outside.granted(tx, role).forEach(tool -> granted.put(tool, Set.of(Ceilings.EVERY_ACTION)));
        return granted;
    }

    /** Neither a client nor a project agent has a workspace of its own that could ask for less. */
    private static boolean asksForAll(String role) {
        return role.startsWith("client:") || role.startsWith("project:");
    }
}
