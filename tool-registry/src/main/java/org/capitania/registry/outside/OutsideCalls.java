package org.capitania.registry.outside;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Typed;
import java.util.ArrayList;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.registry.runs.Runs;
import org.capitania.servicekit.Sql;

/** Calls any outside tool. The server is asked what it offers each time: a tool that is not to the letter what the owner looked at is not called. */
@ApplicationScoped
@Typed(OutsideCalls.class)
public class OutsideCalls implements ToolHandler {
    private final Sql sql;
    private final OutsideStore store;
    private final OutsideTools tools;
    private final Runs runs;

    OutsideCalls(Sql sql, OutsideStore store, OutsideTools tools, Runs runs) {
        this.runs = runs;
        this.sql = sql;
        this.store = store;
        this.tools = tools;
    }

    @Override
    public String tool() {
        return OfferedTool.BETWEEN;
    }

    @Override
    public Result call(Call call) {
        String name = call.tool().name();
        OutsideTool before = trusted(call, name);
        requireClean(call, before);
        try (OutsideSession session = tools.session(before.server())) {
            tools.refresh(call.scope(), before.server(), session);
            OutsideTool now = trusted(call, name);
            if (OutsideDefinition.of(now)
                    .filter(pinned -> pinned.check(call.arguments()).isEmpty())
                    .isEmpty()) {
                throw new CapitaniaException(
                        ErrorCode.SCHEMA_VIOLATION, "the arguments do not fit " + name + " as it is pinned by now");
            }
            JsonNode said = session.call(now.remoteName(), call.arguments());
            return Result.of(said).taintedBy(List.of("outside:" + now.server()));
        }
    }

    /** Once a call has left it is not told any more that the server could not be reached. */
    @Override
    public boolean notBegun(CapitaniaException failure) {
        return failure.code() == ErrorCode.PEER_UNAVAILABLE;
    }

    /** What the owner looked at and approved is the tool as it was pinned then. */
    @Override
    public String restsOn(Call call) {
        return sql.tx(call.scope(), tx -> store.find(tx, call.tool().name()))
                .map(OutsideTool::pinnedHash)
                .orElse("");
    }

    /** What another company's server is asked leaves ours: where words of a third may have chosen it, nobody was asked. What is gated the owner has seen. */
    private void requireClean(Call call, OutsideTool tool) {
        if (call.human() || !tool.reads()) {
            return;
        }
        List<String> others = new ArrayList<>(sql.tx(call.scope(), tx -> runs.taints(tx, call.taskId())));
        others.remove("outside:" + tool.server());
        if (!others.isEmpty()) {
            throw new CapitaniaException(
                            ErrorCode.DENIED,
                            "this task has read from outside (" + String.join(", ", others) + "), and " + tool.tool()
                                    + " would tell another company's server what it asks")
                    .withHint("ask in a task that has read nothing from outside, or ask the owner");
        }
    }

    private OutsideTool trusted(Call call, String name) {
        OutsideTool tool = sql.tx(call.scope(), tx -> store.find(tx, name))
                .orElseThrow(() -> new CapitaniaException(ErrorCode.UNKNOWN_TOOL, "no tool is called " + name));
        if (!tool.trusted()) {
            throw new CapitaniaException(
                            ErrorCode.DENIED,
                            name + " is " + tool.status() + ": it is not what the owner looked at, or is not offered")
                    .withHint("the owner looks at the difference with hq_outside show and trusts it, or not");
        }
        return tool;
    }
}
