package org.capitania.cli.agent;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.call.Answer;
import org.capitania.cli.call.Api;
import org.capitania.cli.text.Durations;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.ShortIds;
import org.capitania.contract.Service;
import org.capitania.contract.api.MessageRequest;
import org.capitania.contract.event.AgentMessage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hq agent ask|send}: a message from the owner to an agent. */
public abstract class MessageAgent extends Verb {
    private static final Duration SLACK = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    @Parameters(index = "0", paramLabel = "ROLE", description = "the agent, for example operator")
    String role = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "TEXT", description = "what to say")
    List<String> words = List.of();

    private final AgentMessage.Kind kind;

    MessageAgent(String verb, AgentMessage.Kind kind, Environment environment) {
        super("agent." + verb, environment);
        this.kind = kind;
    }

    abstract Duration patience();

    @Override
    protected Reply run() {
        MessageRequest message = new MessageRequest(
                kind,
                role,
                String.join(" ", words),
                null,
                null,
                null,
                false,
                patience().toMillis());
        Answer answer = api().post(
                        Service.SUPERVISOR,
                        "/v1/messages",
                        message,
                        patience().plus(SLACK),
                        Map.of("Idempotency-Key", UUID.randomUUID().toString()));
        JsonNode outcome = outcome(answer.body());
        return Reply.of(action(), outcome, screen -> print(outcome, screen)).withAudit(answer.auditEventId());
    }

    /** What is shown of it, at once or later. */
    JsonNode outcome(JsonNode sent) {
        return sent;
    }

    private void print(JsonNode sent, Screen screen) {
        String reply = Fields.text(sent, "reply");
        if (reply.isEmpty()) {
            screen.line("sent to " + role + "  "
                    + screen.paint(Screen.Style.DIM, ShortIds.of(Fields.text(sent, "message_id"))));
        } else {
            screen.paragraph(reply, "");
        }
    }

    /** {@code hq agent ask}. */
    @Command(name = "ask", description = "Ask an agent and wait for its answer.")
    public static final class Ask extends MessageAgent {
        @Option(
                names = "--timeout",
                paramLabel = "TIME",
                description = "how long to wait; ${DEFAULT-VALUE} unless given")
        String timeout = "30s";

        public Ask(Environment environment) {
            super("ask", AgentMessage.Kind.ASK, environment);
        }

        @Override
        Duration patience() {
            Duration patience = Durations.parse(timeout);
            if (patience.isZero() || patience.compareTo(LONGEST) > 0) {
                throw Failure.caller("bad_time", "an agent is given between 1 s and 5 min to answer; found " + timeout);
            }
            return patience;
        }
    }

    /** {@code hq agent send}. */
    @Command(name = "send", description = "Tell an agent something.")
    public static final class Send extends MessageAgent {
        private static final Duration LOOK = Duration.ofMillis(500);

        @Option(
                names = {"-f", "--follow"},
                paramLabel = "TIME",
                arity = "0..1",
                fallbackValue = "5m",
                description = "wait so long for what it makes of it; ${FALLBACK-VALUE} unless given")
        @Nullable
        String follow;

        public Send(Environment environment) {
            super("send", AgentMessage.Kind.SEND, environment);
        }

        @Override
        Duration patience() {
            return Duration.ofSeconds(30);
        }

        /** A note is answered once the task that it gave the agent has ended. */
        @Override
        JsonNode outcome(JsonNode sent) {
            if (follow == null) {
                return sent;
            }
            String path = Api.path("/v1/messages/", Fields.text(sent, "message_id"));
            Instant until = environment().clock().instant().plus(Durations.parse(follow));
            JsonNode message = api().get(Service.SUPERVISOR, path).body();
            while (!Fields.text(message, "state").equals("answered")
                    && environment().clock().instant().isBefore(until)) {
                LockSupport.parkNanos(LOOK.toNanos());
                message = api().get(Service.SUPERVISOR, path).body();
            }
            return message;
        }
    }
}
