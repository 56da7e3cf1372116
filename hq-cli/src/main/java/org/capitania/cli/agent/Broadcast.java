package org.capitania.cli.agent;

import java.util.List;
import java.util.stream.Collectors;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.call.Answer;
import org.capitania.cli.text.Fields;
import org.capitania.contract.Service;
import org.capitania.contract.api.MessageRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code hq agent broadcast}: one note to every agent of a group. */
@Command(name = "broadcast", description = "Tell every agent of a group something.")
public final class Broadcast extends Verb {
    @Parameters(index = "0", paramLabel = "GROUP", description = "@all or @ventures")
    String group = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "TEXT", description = "what to say")
    List<String> words = List.of();

    public Broadcast(Environment environment) {
        super("agent.broadcast", environment);
    }

    @Override
    protected Reply run() {
        Answer answer = api().post(
                        Service.SUPERVISOR,
                        "/v1/broadcasts",
                        new MessageRequest.Broadcast(group, String.join(" ", words)));
        String told = Fields.items(answer.body()).stream()
                .map(message -> Fields.text(message, "to"))
                .collect(Collectors.joining(", "));
        return Reply.of(action(), answer.body(), screen -> screen.line("sent to " + told))
                .withAudit(answer.auditEventId());
    }
}
