package org.capitania.cli.token;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.capitania.cli.Failure;
import org.capitania.cli.call.Answer;
import org.capitania.cli.call.Api;
import org.capitania.cli.home.Home;
import org.capitania.contract.Service;
import org.capitania.contract.api.TokenIssue;
import org.capitania.embedded.keys.KeyFiles;
import org.capitania.embedded.keys.TokenSigner;
import org.jspecify.annotations.Nullable;

/** Makes tokens of the principals whose keys are on this machine; each is in the ledger first. */
public final class Issuer {
    private static final Pattern CLIENT = Pattern.compile("[a-z][a-z0-9-]{0,40}");

    private final Api api;
    private final Home home;
    private final Clock clock;

    /** A token, and until when it is good. */
    public record Issued(
            String token, Instant end, @Nullable String auditEventId) {}

    public Issuer(Api api, Home home, Clock clock) {
        this.api = api;
        this.home = home;
        this.clock = clock;
    }

    public Issued issue(String principal, String audience, Duration ttl) {
        Instant end = now().plus(ttl);
        TokenSigner key = key(principal);
        String id = UUID.randomUUID().toString();
        // First the ledger's row, then the token: where the first cannot be written there is no second.
        Answer noted =
                api.post(Service.TOOL_REGISTRY, "/v1/token-issues", new TokenIssue(id, principal, audience, end));
        String token = key.sign(audience, api.tenant(), Duration.between(now(), end), Map.of("jti", id));
        return new Issued(token, end, noted.auditEventId());
    }

    private Instant now() {
        return Instant.ofEpochSecond(clock.instant().getEpochSecond());
    }

    private TokenSigner key(String principal) {
        if (principal.equals("user:owner")) {
            return api.fleet().ownerKey();
        }
        if (principal.startsWith("client:")) {
            String name = principal.substring("client:".length());
            if (!CLIENT.matcher(name).matches()) {
                throw Failure.caller(
                        "bad_name", "a client is called client: and a name of small letters, digits and dashes");
            }
            KeyFiles.Layout layout = new KeyFiles.Layout(home.keys(), home.ownerKey(), home.publicKeys());
            return TokenSigner.load(KeyFiles.ensureClient(layout, name), clock);
        }
        String fileName = principal.replace(':', '_').replace('/', '_') + ".jwk";
        try (Stream<Path> files = Files.isDirectory(home.keys()) ? Files.walk(home.keys(), 2) : Stream.empty()) {
            return files.filter(file -> file.endsWith(fileName))
                    .findFirst()
                    .map(file -> TokenSigner.load(file, clock))
                    .orElseThrow(() -> Failure.notFound("this machine holds no key of " + principal));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + home.keys(), e);
        }
    }
}
