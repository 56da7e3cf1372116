package org.capitania.cli.token;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.call.Answer;
import org.capitania.cli.text.Durations;
import org.capitania.contract.Service;
import org.capitania.contract.api.TokenIssue;
import org.capitania.embedded.keys.KeyFiles;
import org.capitania.embedded.keys.TokenSigner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hq token}: a short-lived bearer token of any principal whose key is on this machine, noted in the ledger before it is made. */
@Command(name = "token", description = "A short-lived bearer token for a principal of this machine.")
public final class IssueToken extends Verb {
    private static final Pattern CLIENT = Pattern.compile("[a-z][a-z0-9-]{0,40}");
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
        Instant end = Instant.ofEpochSecond(environment().clock().instant().getEpochSecond())
                .plus(ttl);
        TokenSigner key = key();
        String id = UUID.randomUUID().toString();
        // First the ledger's row, then the token: where the first cannot be written there is no second.
        Answer noted =
                api().post(Service.TOOL_REGISTRY, "/v1/token-issues", new TokenIssue(id, principal, audience, end));
        Instant signed = Instant.ofEpochSecond(environment().clock().instant().getEpochSecond());
        String token = key.sign(audience, api().tenant(), Duration.between(signed, end), Map.of("jti", id));
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("token", token).put("principal", principal).put("audience", audience);
        data.put("expires_at", end.toString());
        return Reply.of(action(), data, screen -> screen.line(token)).withAudit(noted.auditEventId());
    }

    private TokenSigner key() {
        if (principal.equals("user:owner")) {
            return api().fleet().ownerKey();
        }
        if (principal.startsWith("client:")) {
            String name = principal.substring("client:".length());
            if (!CLIENT.matcher(name).matches()) {
                throw Failure.caller(
                        "bad_name", "a client is called client: and a name of small letters, digits and dashes");
            }
            KeyFiles.Layout layout = new KeyFiles.Layout(home().keys(), home().ownerKey(), home().publicKeys());
            return TokenSigner.load(
                    KeyFiles.ensureClient(layout, name), environment().clock());
        }
        String fileName = principal.replace(':', '_').replace('/', '_') + ".jwk";
        try (Stream<Path> files = Files.isDirectory(home().keys()) ? Files.walk(home().keys(), 2) : Stream.empty()) {
            return files.filter(file -> file.endsWith(fileName))
                    .findFirst()
                    .map(file -> TokenSigner.load(file, environment().clock()))
                    .orElseThrow(() -> Failure.notFound("this machine holds no key of " + principal));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + home().keys(), e);
        }
    }
}
