package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.util.Map;
import java.util.Set;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
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
            tools.addObject()
                    .put("name", tool.name())
                    .put("summary", tool.summary())
                    .put("scope", tool.view().scope())
                    .put("access", mine ? "granted" : "request");
        }
        return Result.of(Json.MAPPER.createObjectNode().set("tools", tools));
    }
}
