package org.capitania.cli.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.text.Fields;
import org.capitania.contract.Service;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code hq proposal rollback}: takes back a write of the graph, whole, or says what rests on it. */
@Command(name = "rollback", description = "Take back a write, whole, unless something newer rests on it.")
public final class RollBackWrite extends Verb {
    @Parameters(paramLabel = "AUDIT_EVENT_ID", description = "the write, as its answer named it")
    String write = "";

    public RollBackWrite(Environment environment) {
        super("proposal.rollback", environment);
    }

    @Override
    protected Reply run() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("arguments").put("action", "rollback").put("audit_event_id", write);
        JsonNode result = api().post(Service.TOOL_REGISTRY, "/v1/tools/hq_proposal/calls", body)
                .body();
        if (!result.path("ok").asBoolean()) {
            throw GeneratedVerb.refused(result.path("error"));
        }
        return Reply.of(action(), result.path("data"), screen -> screen.line(write + " is taken back"))
                .withAudit(Fields.text(result, "audit_event_id"));
    }
}
