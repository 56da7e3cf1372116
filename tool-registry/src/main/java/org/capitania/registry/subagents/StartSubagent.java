package org.capitania.registry.subagents;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.CurationRequest.Subagent;
import org.capitania.registry.curation.Curations;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.servicekit.Sql;

/**
 * Starts a subagent: gives it a session, the question, and of its agent's tools those that its definition names. The agent's own process runs it;
 * what it does there passes the gateway like everything else.
 */
@ApplicationScoped
class StartSubagent implements ToolHandler {
    /** Nobody who was started starts anybody. */
    private static final Set<String> STARTING = Set.of("agent_spawn", "project_run");

    private final Sql sql;
    private final Children children;
    // By instance: the ceilings are made with the tools, and this is one of them.
    private final Instance<Curations> curations;

    StartSubagent(Sql sql, Children children, Instance<Curations> curations) {
        this.sql = sql;
        this.children = children;
        this.curations = curations;
    }

    @Override
    public String tool() {
        return "agent_spawn";
    }

    @Override
    public Result call(Call call) {
        requireAgent(call, "ask an agent for it with hq agent ask");
        String name = call.text("subagent");
        return sql.tx(call.scope(), tx -> {
            List<Subagent> all = curations.get().subagents(tx, call.role()).stream()
                    .filter(s -> !s.project())
                    .toList();
            Subagent subagent = all.stream()
                    .filter(s -> s.name().equals(name))
                    .findFirst()
                    .orElseThrow(
                            () -> new CapitaniaException(ErrorCode.NOT_FOUND, call.role() + " has no subagent " + name)
                                    .withHint("it has: "
                                            + all.stream().map(Subagent::name).collect(Collectors.joining(", "))
                                            + "; work in a project is project_run"));
            Set<String> tools =
                    tools(subagent, curations.get().granted(tx, call.role()).keySet());
            String header = "## What " + call.role() + " asks you\n\n" + call.text("question") + "\n";
            return Result.of(told(children.begin(tx, call, name, tools, null, header)));
        });
    }

    static void requireAgent(Call call, String hint) {
        if (call.human() || !call.actor().startsWith("agent:") || call.sessionId() == null) {
            throw new CapitaniaException(ErrorCode.DENIED, "only an agent starts somebody inside its own process")
                    .withHint(hint);
        }
    }

    /** What its definition names, as far as it may be given at all. */
    static Set<String> tools(Subagent subagent, Set<String> most) {
        Set<String> tools = new TreeSet<>(subagent.tools());
        tools.retainAll(most);
        tools.removeAll(STARTING);
        if (tools.isEmpty()) {
            throw new CapitaniaException(ErrorCode.NOT_GRANTED, subagent.name() + " would have no tool at all");
        }
        return tools;
    }

    static ObjectNode told(Child child) {
        ObjectNode told = Json.MAPPER
                .createObjectNode()
                .put("id", child.sessionId())
                .put("subagent", child.subagent())
                .put("acts_as", child.actor());
        new TreeSet<>(child.tools()).forEach(told.putArray("tools")::add);
        return told;
    }
}
