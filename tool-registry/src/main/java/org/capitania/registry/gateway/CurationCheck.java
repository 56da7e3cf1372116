package org.capitania.registry.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.Set;
import org.capitania.contract.ErrorCode;
import org.capitania.registry.catalogue.ToolDefinition;
import org.capitania.registry.curation.Curations;
import org.capitania.registry.outside.OutsideTools;

/** The tool exists, and this agent was granted it, and this action of it. */
@ApplicationScoped
class CurationCheck implements Check {
    private final Curations curations;

    CurationCheck(Curations curations) {
        this.curations = curations;
    }

    @Override
    public Optional<Refusal> check(Attempt a, Standing standing) {
        ToolDefinition tool = a.definition();
        if (tool == null) {
            return Optional.of(Refusal.of(
                    ErrorCode.UNKNOWN_TOOL,
                    "no tool is called " + cut(a.tool()),
                    "hq_tools with action list names every tool there is"));
        }
        if (a.human()) {
            return Optional.empty();
        }
        Optional<Set<String>> granted = OutsideTools.named(a.tool())
                ? curations.granted(standing.open(), a.role(), a.tool())
                : curations.granted(a.acting(), a.tool(), standing.asked());
        if (granted.isEmpty()) {
            return Optional.of(Refusal.of(
                    ErrorCode.NOT_GRANTED,
                    a.tool() + " is not granted to " + a.acting(),
                    "ask an agent that has it with hq_agent, or the owner for a grant with hq_tools action request"));
        }
        Set<String> actions = granted.get();
        String action = tool.verb(a.arguments()).name();
        if (!actions.contains("*") && !action.equals(a.tool()) && !actions.contains(action)) {
            return Optional.of(Refusal.of(
                    ErrorCode.NOT_GRANTED,
                    "action " + action + " of " + a.tool() + " is not granted to " + a.acting() + ", only " + actions,
                    "ask an agent that has it with hq_agent"));
        }
        return Optional.empty();
    }

    private static String cut(String name) {
        return name.length() <= 80 ? name : name.substring(0, 80) + "…";
    }
}
