package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.ToolsView.ToolView;
import org.capitania.registry.catalogue.Catalogue;
import org.capitania.registry.catalogue.ToolDefinition;
import org.capitania.registry.curation.Curations;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.servicekit.Sql;

/** The catalogue with the caller's access. */
@ApplicationScoped
class HqTools implements ToolHandler {
    private final Sql sql;
    // By instance: the catalogue is made of the handlers, and this is one of them.
    private final Instance<Catalogue> catalogue;
    private final Instance<Curations> curations;

    HqTools(Sql sql, Instance<Catalogue> catalogue, Instance<Curations> curations) {
        this.sql = sql;
        this.catalogue = catalogue;
        this.curations = curations;
    }

    @Override
    public String tool() {
        return "hq_tools";
    }

    @Override
    public Result call(Call call) {
        if (call.verb().name().equals("request")) {
            throw new CapitaniaException(ErrorCode.NOT_AVAILABLE_YET, "a tool cannot be asked for yet")
                    .withHint("ask an agent that has " + call.text("tool") + " with hq_agent");
        }
        Map<String, Set<String>> granted = call.human()
                ? Map.of()
                : sql.tx(call.scope(), tx -> curations.get().granted(tx, call.role()));
        ArrayNode tools = Lines.array();
        for (ToolDefinition tool : catalogue.get().all()) {
            boolean mine = call.human() || granted.containsKey(tool.name());
            ObjectNode line = tools.addObject()
                    .put("name", tool.name())
                    .put("summary", tool.summary())
                    .put("scope", tool.view().scope())
                    .put("access", mine ? "granted" : "request");
            notYet(tool).ifPresent(why -> line.put("not_yet", why));
        }
        return Result.of(Json.MAPPER.createObjectNode().set("tools", tools));
    }

    /** What of a tool is not there yet; for one that has nothing to show, the whole of it. */
    private static Optional<String> notYet(ToolDefinition tool) {
        ToolView view = tool.view();
        if (view.notYet() != null) {
            return Optional.of(view.notYet());
        }
        List<String> missing = view.actions().stream()
                .filter(action -> action.notYet() != null)
                .map(action -> action.name() + ": " + action.notYet())
                .toList();
        return missing.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", missing));
    }
}
