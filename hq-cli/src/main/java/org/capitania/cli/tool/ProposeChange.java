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

/** {@code hq proposal propose}: operator prepares what is asked for, and puts it before the owner. */
@Command(
        name = "propose",
        description =
                "Ask for a change of how facts are stored, or for a migration: operator prepares it for you to decide on.")
public final class ProposeChange extends Verb {
    @Option(names = "--kind", paramLabel = "KIND", required = true, description = "schema_change or migration")
    String kind = "";

    @Option(
            names = "--evidence",
            paramLabel = "JSON",
            required = true,
            description = "an object that says what speaks for it")
    String evidence = "";

    @Option(names = "--title", paramLabel = "TEXT", description = "what is to change, in one line")
    @Nullable
    String title;

    public ProposeChange(Environment environment) {
        super("proposal.propose", environment);
    }

    @Override
    protected Reply run() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode arguments = body.putObject("arguments")
                .put("action", "propose")
                .put("kind", kind)
                .put("evidence", evidence);
        if (title != null) {
            arguments.put("title", title);
        }
        JsonNode result = api().post(Service.TOOL_REGISTRY, "/v1/tools/hq_proposal/calls", body)
                .body();
        if (!result.path("ok").asBoolean()) {
            throw GeneratedVerb.refused(result.path("error"));
        }
        JsonNode data = result.path("data");
        return Reply.of(
                        action(),
                        data,
                        screen -> screen.line("asked for: " + Fields.first(data, "slug", "id")
                                + "; operator prepares it, hq proposal list shows it when it waits for you"))
                .withAudit(Fields.text(result, "audit_event_id"));
    }
}
