package org.capitania.cli.agent;

import java.util.List;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.call.Answer;
import org.capitania.cli.call.Api;
import org.capitania.cli.text.Fields;
import org.capitania.contract.Service;
import org.capitania.contract.api.MessageRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code hq agent reply}: a person answers what an agent was asked, in its place. */
@Command(name = "reply", description = "Answer a question that waits for an agent, in its place.")
public final class ReplyToAsk extends Verb {
    @Parameters(index = "0", paramLabel = "ID", description = "the message; hq agent inbox --json shows it")
    String id = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "TEXT", description = "the answer")
    List<String> words = List.of();

    public ReplyToAsk(Environment environment) {
        super("agent.reply", environment);
    }

    @Override
    protected Reply run() {
        Answer answer = api().post(
                        Service.SUPERVISOR,
                        Api.path("/v1/messages/", id) + "/reply",
                        new MessageRequest.Reply(String.join(" ", words), false));
        return Reply.of(
                        action(),
                        answer.body(),
                        screen -> screen.line(Fields.text(answer.body(), "from") + " has the answer"))
                .withAudit(answer.auditEventId());
    }
}
