package org.capitania.cli.token;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.stream.Stream;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.text.Durations;
import org.capitania.contract.Service;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hq token}: a short-lived bearer token of any principal whose key is on this machine, noted in the ledger before it is made. */
@Command(name = "token", description = "A short-lived bearer token for a principal of this machine.")
public final class IssueToken extends Verb {
    private static final Duration LONGEST = Duration.ofMinutes(15);

    @Parameters(
            paramLabel = "PRINCIPAL",
            description =
                    "for example agent:chief, worker:email_ingest, user:owner; a client:NAME gets its key the first time")
    String principal = "";

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            description = "how long it is good, at most 15m; ${DEFAULT-VALUE} unless given")
    String life = "5m";

    @Option(
            names = "--audience",
            paramLabel = "SERVICE",
            description = "the one service it is good at; ${DEFAULT-VALUE} unless given")
    String audience = Service.TOOL_REGISTRY.wireName();

    public IssueToken(Environment environment) {
        super("token", environment);
    }

    @Override
    protected Reply run() {
        Duration ttl = Durations.parse(life);
        if (ttl.isZero() || ttl.compareTo(LONGEST) > 0) {
            throw Failure.caller("bad_time", "a token lives between 1 s and 15 min; found " + life);
        }
        if (Stream.of(Service.values()).noneMatch(s -> s.wireName().equals(audience))) {
            throw Failure.caller(
                    "unknown_audience",
                    "no service is called " + audience + "; expected one of "
                            + String.join(
                                    ", ",
                                    Stream.of(Service.values())
                                            .map(Service::wireName)
                                            .toList()));
        }
        Issuer.Issued issued = new Issuer(api(), home(), environment().clock()).issue(principal, audience, ttl);
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("token", issued.token()).put("principal", principal).put("audience", audience);
        data.put("expires_at", issued.end().toString());
        return Reply.of(action(), data, screen -> screen.line(issued.token())).withAudit(issued.auditEventId());
    }
}
