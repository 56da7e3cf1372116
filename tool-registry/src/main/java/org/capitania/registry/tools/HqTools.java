package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.capitania.contract.Json;
import org.capitania.contract.api.ToolsView.ToolAction;
import org.capitania.contract.api.ToolsView.ToolView;
import org.capitania.registry.catalogue.Catalogue;
import org.capitania.registry.catalogue.ToolDefinition;
import org.capitania.registry.curation.Curations;
import org.capitania.registry.curation.Grants;
import org.capitania.registry.curation.Offer;
import org.capitania.registry.curation.ToolSearch;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;

/** The catalogue with the caller's access. */
@ApplicationScoped
class HqTools implements ToolHandler {
    private static final Set<String> EVERY_ACTION = Set.of("*");

    private final Sql sql;
    private final Grants grants;
    // By instance: the catalogue is made of the handlers, and this is one of them.
    private final Instance<Catalogue> catalogue;
    private final Instance<Curations> curations;
    private final Instance<Offer> offer;

    HqTools(
            Sql sql,
            Grants grants,
            Instance<Catalogue> catalogue,
            Instance<Curations> curations,
            Instance<Offer> offer) {
        this.sql = sql;
        this.grants = grants;
        this.catalogue = catalogue;
        this.curations = curations;
        this.offer = offer;
    }

    @Override
    public String tool() {
        return "hq_tools";
    }

    @Override
    public Result call(Call call) {
        return switch (call.verb().name()) {
            case "list" -> list(call);
            case "search" -> search(call);
            case "grants" -> grants(call);
            case "revoke" -> revoke(call);
            default ->
                throw new IllegalStateException("no action " + call.verb().name());
        };
    }

    /** What agents were given because they asked; why one asked is nobody else's to read. */
    private Result grants(Call call) {
        String agent = call.human() ? call.textOrNull("agent") : call.role();
        return sql.tx(
                call.scope(),
                tx -> Result.of(Json.MAPPER.createObjectNode().set("items", Json.tree(grants.standing(tx, agent)))));
    }

    private Result revoke(Call call) {
        int ended = sql.tx(call.scope(), tx -> grants.revoke(tx, call.text("agent"), call.text("tool")));
        return Result.of(Json.MAPPER.createObjectNode().put("revoked", ended));
    }

    /** The catalogue, and of outside tools those that the caller may call. */
    private Result list(Call call) {
        ArrayNode tools = Lines.array();
        sql.run(call.scope(), tx -> {
            Map<String, Set<String>> granted =
                    call.human() ? Map.of() : curations.get().granted(tx, call.role());
            List<ToolDefinition> all = new ArrayList<>(catalogue.get().all());
            own(tx, call).stream().filter(tool -> !all.contains(tool)).forEach(all::add);
            all.forEach(tool ->
                    tools.add(line(tool, call.human() ? EVERY_ACTION : granted.getOrDefault(tool.name(), Set.of()))));
        });
        return Result.of(Json.MAPPER.createObjectNode().set("tools", tools));
    }

    private List<ToolDefinition> own(Tx tx, Call call) {
        return call.human() ? offer.get().all(tx) : offer.get().of(tx, call.role());
    }

    /** Among the caller's own: what an agent's loop shows its model from the next turn on. */
    private Result search(Call call) {
        ArrayNode tools = Lines.array();
        sql.run(call.scope(), tx -> {
            Map<String, Set<String>> granted =
                    call.human() ? Map.of() : curations.get().granted(tx, call.role());
            ToolSearch.best(own(tx, call), call.text("query"))
                    .forEach(tool -> tools.add(line(tool, granted.getOrDefault(tool.name(), EVERY_ACTION))));
        });
        return Result.of(Json.MAPPER.createObjectNode().set("tools", tools));
    }

    /** @param granted its actions that the caller may call; none when it may not call the tool */
    private static ObjectNode line(ToolDefinition tool, Set<String> granted) {
        ObjectNode line = Json.MAPPER.createObjectNode();
        line.put("name", tool.name())
                .put("summary", tool.summary())
                .put("scope", tool.view().scope())
                .put("access", granted.isEmpty() ? "request" : "granted");
        List<ToolAction> actions = tool.view().actions().stream()
                .filter(action -> granted.isEmpty() || may(granted, action.name()))
                .toList();
        if (!granted.isEmpty() && !actions.isEmpty()) {
            ArrayNode names = line.putArray("actions");
            actions.forEach(action -> names.add(action.name()));
        }
        notYet(tool, actions).ifPresent(why -> line.put("not_yet", why));
        return line;
    }

    private static boolean may(Set<String> granted, String action) {
        return granted.equals(EVERY_ACTION) || granted.contains(action);
    }

    /** What of a tool is not there yet; for one that has nothing to show, the whole of it. */
    private static Optional<String> notYet(ToolDefinition tool, List<ToolAction> actions) {
        ToolView view = tool.view();
        if (view.notYet() != null) {
            return Optional.of(view.notYet());
        }
        List<String> missing = actions.stream()
                .filter(action -> action.notYet() != null)
                .map(action -> action.name() + ": " + action.notYet())
                .toList();
        return missing.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", missing));
    }
}
