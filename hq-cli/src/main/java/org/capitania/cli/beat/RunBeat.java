package org.capitania.cli.beat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.call.Api;
import org.capitania.contract.Service;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code hq beat run}. */
@Command(name = "run", description = "Let a beat fire now; its schedule stays as it is.")
public final class RunBeat extends Verb {
    @Parameters(paramLabel = "BEAT", description = "one that hq beat list names")
    String beat = "";

    public RunBeat(Environment environment) {
        super("beat.run", environment);
    }

    @Override
    protected Reply run() {
        api().post(Service.SUPERVISOR, Api.path("/v1/beats/", beat) + "/run", null);
        JsonNode data = JsonNodeFactory.instance.objectNode().put("name", beat);
        return Reply.of(action(), data, screen -> screen.line(beat + " has fired"));
    }
}
