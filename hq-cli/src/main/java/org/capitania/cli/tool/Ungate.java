package org.capitania.cli.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.text.Fields;
import org.capitania.contract.Service;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hq agent ungate}: the owner lets an agent do one outward act without being asked each time, or takes that back. */
@Command(
        name = "ungate",
        description = "It may do one outward act without asking you each time; --revoke takes that back.")
public final class Ungate extends Verb {
    @Parameters(paramLabel = "ROLE", description = "the agent, for example chief")
    String role = "";

    @Option(names = "--action", required = true, paramLabel = "ACT", description = "the act, for example email_send")
    String act = "";

    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            description = "only domain:example.com, address:ana@example.com or conversation:ID")
    @Nullable
    String scope;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description = "when it ends by itself, for example 2026-12-31T18:00:00Z")
    @Nullable
    String until;

    @Option(names = "--revoke", description = "take it back: it asks again")
    boolean revoke;

    public Ungate(Environment environment) {
        super("agent.ungate", environment);
    }

    @Override
    protected Reply run() {
        ObjectNode arguments = JsonNodeFactory.instance.objectNode();
        arguments.put("action", revoke ? "revoke" : "grant").put("agent", role).put("act", act);
        if (scope != null) {
            arguments.put("scope", scope);
        }
        if (until != null && !revoke) {
            arguments.put("until", until);
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.set("arguments", arguments);
        JsonNode result = api().post(Service.TOOL_REGISTRY, "/v1/tools/hq_graduation/calls", body)
                .body();
        if (!result.path("ok").asBoolean()) {
            throw GeneratedVerb.refused(result.path("error"));
        }
        String done = revoke
                ? role + " asks again before " + act
                : role + " does " + act + " without asking" + (scope == null ? "" : ", for " + scope);
        return Reply.of(action(), result.path("data"), screen -> screen.line(done))
                .withAudit(Fields.text(result, "audit_event_id"));
    }
}
