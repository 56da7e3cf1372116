package org.capitania.servicekit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.jose4j.base64url.Base64Url;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {
    private static final Instant NOW = Instant.parse("2026-11-21T09:00:00Z");

    @TempDir
    Path home;

    private final StringBuilder jwks = new StringBuilder();

    @BeforeEach
    void makeKeys() throws IOException, JoseException {
        Files.createDirectories(home.resolve("keys"));
        key("agent:chief", "agent", List.of("tool-registry"), List.of("main"), false);
        key("system:tool-registry", "service", List.of("*"), List.of("*"), true);
        key("user:owner", "owner", List.of("*"), List.of("main"), true);
        key("user:ana", "person", List.of("*"), List.of("main"), true);
        key("agent:operator", "agent", List.of("*"), List.of("main"), true);
        Files.writeString(home.resolve("jwks.json"), "{\"keys\":[" + jwks + "]}");
    }

    @Test
    void shouldNameTheCallerWhenTheTokenIsGood() {
        Caller caller = tokens("tool-registry", NOW).verify(issue("agent:chief", "tool-registry", "main", null));
        assertThat(caller)
                .isEqualTo(new Caller("main", "agent:chief", "agent:chief", PrincipalKind.AGENT, "tool-registry"));
    }

    @Test
    void shouldRecordTheOtherActorWhenATrustedServiceSpeaksForIt() {
        Caller caller = tokens("graph-service", NOW)
                .verify(issue("system:tool-registry", "graph-service", "main", "agent:chief"));
        assertThat(caller.actor()).isEqualTo("agent:chief");
        assertThat(caller.principal()).isEqualTo("system:tool-registry");
        assertThat(caller.kind()).isEqualTo(PrincipalKind.SERVICE);
    }

    @Test
    void shouldRefuseWhenAnAgentSpeaksForTheOwner() {
        refused(tokens("tool-registry", NOW), issue("agent:chief", "tool-registry", "main", "user:owner"), "on behalf");
    }

    @Test
    void shouldKeepBothNamesWhenTheOwnerActsForAnotherPerson() {
        Caller caller = tokens("graph-service", NOW).verify(issue("user:owner", "graph-service", "main", "user:ana"));
        assertThat(caller.actor()).isEqualTo("user:ana");
        assertThat(caller.principal()).isEqualTo("user:owner");
        assertThat(caller.enteredBy()).contains("user:owner");
        assertThat(tokens("graph-service", NOW)
                        .verify(issue("user:owner", "graph-service", "main", null))
                        .enteredBy())
                .isEmpty();
        assertThat(tokens("graph-service", NOW)
                        .verify(issue("system:tool-registry", "graph-service", "main", "user:ana"))
                        .enteredBy())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "agent:chief",
                "agent:project:site",
                "system:tool-registry",
                "worker:email_ingest",
                "client:test",
                "user:owner",
                "user:",
                "user:a b",
                "ana",
                ""
            })
    void shouldRefuseWhenTheOwnerActsForAnybodyButAnotherPerson(String actor) {
        refused(tokens("tool-registry", NOW), issue("user:owner", "tool-registry", "main", actor), "on behalf");
    }

    @ParameterizedTest
    @ValueSource(strings = {"user:ana", "agent:operator"})
    void shouldRefuseWhenNeitherOwnerNorServiceActsForAnotherWhateverTheKeySetSays(String principal) {
        refused(tokens("tool-registry", NOW), issue(principal, "tool-registry", "main", "user:rui"), "on behalf");
    }

    @Test
    void shouldRefuseWhenTheTokenIsForAnotherService() {
        refused(tokens("graph-service", NOW), issue("user:owner", "tool-registry", "main", null), "aud");
    }

    @Test
    void shouldRefuseWhenTheKeyMayNotCallThisService() {
        refused(
                tokens("approval-service", NOW),
                issue("agent:chief", "approval-service", "main", null),
                "may not call");
    }

    @Test
    void shouldRefuseWhenTheTenantIsNotTheKeys() {
        refused(tokens("tool-registry", NOW), issue("agent:chief", "tool-registry", "other", null), "tenant");
    }

    @Test
    void shouldRefuseWhenTheTokenHasExpired() {
        refused(
                tokens("tool-registry", NOW.plus(Duration.ofMinutes(6))),
                issue("agent:chief", "tool-registry", "main", null),
                "exp");
    }

    @Test
    void shouldRefuseAProvenTokenWhenItHasExpiredSince() {
        SettableClock clock = new SettableClock(NOW);
        Tokens tokens = tokens("tool-registry", clock);
        String token = issue("agent:chief", "tool-registry", "main", null);
        assertThat(tokens.verify(token)).isEqualTo(tokens.verify(token));

        clock.now = NOW.plus(Duration.ofMinutes(6));

        refused(tokens, token, "exp");
    }

    @Test
    void shouldRefuseAProvenTokenWhenItsKeyIsNoLongerThere() throws IOException {
        Tokens tokens = tokens("tool-registry", NOW);
        String token = issue("agent:chief", "tool-registry", "main", null);
        assertThat(tokens.verify(token).actor()).isEqualTo("agent:chief");

        changeKeys("{\"keys\":[" + jwks.toString().replace("\"agent:chief\"", "\"agent:gone\"") + "]}");

        refused(tokens, token, "key");
    }

    @Test
    void shouldRefuseAProvenTokenWhenItsKeyIsBoundOtherwise() throws IOException {
        Tokens tokens = tokens("tool-registry", NOW);
        String token = issue("agent:chief", "tool-registry", "main", null);
        assertThat(tokens.verify(token).actor()).isEqualTo("agent:chief");

        changeKeys("{\"keys\":[" + jwks.toString().replace("\"tenants\":[\"main\"]", "\"tenants\":[\"other\"]") + "]}");

        refused(tokens, token, "tenant");
    }

    @Test
    void shouldRefuseWhenThePayloadWasChanged() throws JoseException {
        String[] parts = issue("agent:chief", "tool-registry", "main", null).split("\\.");
        String forged = Base64Url.encodeUtf8ByteRepresentation(
                Base64Url.decodeToUtf8String(parts[1]).replace("agent:chief", "user:owner"));
        refused(tokens("tool-registry", NOW), parts[0] + "." + forged + "." + parts[2], "");
    }

    @Test
    void shouldRefuseWhenTheTokenIsUnsigned() {
        String header = Base64Url.encodeUtf8ByteRepresentation("{\"alg\":\"none\",\"kid\":\"user:owner\"}");
        String body = Base64Url.encodeUtf8ByteRepresentation("{\"sub\":\"user:owner\",\"aud\":\"tool-registry\"}");
        refused(tokens("tool-registry", NOW), header + "." + body + ".", "");
    }

    @Test
    void shouldRefuseWhenItIsNoTokenAtAll() {
        Stream.of("", "x", "a.b.c", "..").forEach(t -> refused(tokens("tool-registry", NOW), t, ""));
    }

    private void refused(Tokens tokens, String token, String why) {
        assertThatThrownBy(() -> tokens.verify(token)).isInstanceOfSatisfying(CapitaniaException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
            assertThat(e.detail()).containsIgnoringCase(why);
        });
    }

    private Tokens tokens(String service, Instant at) {
        return tokens(service, Clock.fixed(at, ZoneOffset.UTC));
    }

    private Tokens tokens(String service, Clock clock) {
        IdentityConfig config = config();
        return new Tokens(new KeySet(config), config, service, clock);
    }

    /** With another time of change, whatever the file system's clock counts in. */
    private void changeKeys(String keys) throws IOException {
        Path file = home.resolve("jwks.json");
        FileTime before = Files.getLastModifiedTime(file);
        Files.writeString(file, keys);
        Files.setLastModifiedTime(file, FileTime.from(before.toInstant().plusSeconds(2)));
    }

    private String issue(String principal, String audience, String tenant, String onBehalfOf) {
        return new TokenIssuer(config(), "tool-registry", Clock.fixed(NOW, ZoneOffset.UTC))
                .token(principal, audience, tenant, onBehalfOf);
    }

    private IdentityConfig config() {
        return new FakeIdentity(
                Optional.of(home.resolve("keys")),
                Optional.of(home.resolve("jwks.json")),
                Duration.ofMinutes(5),
                Duration.ofMinutes(15),
                Optional.empty());
    }

    private void key(String subject, String kind, List<String> audiences, List<String> tenants, boolean obo)
            throws JoseException, IOException {
        EllipticCurveJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
        key.setKeyId(subject);
        Map<String, Object> secret = key.toParams(OutputControlLevel.INCLUDE_PRIVATE);
        secret.put("sub", subject);
        Files.writeString(home.resolve("keys").resolve(subject.replace(':', '_') + ".jwk"), JsonUtil.toJson(secret));
        Map<String, Object> open = key.toParams(OutputControlLevel.PUBLIC_ONLY);
        open.putAll(Map.of("sub", subject, "kind", kind, "aud", audiences, "tenants", tenants, "obo", obo));
        jwks.append(jwks.isEmpty() ? "" : ",").append(JsonUtil.toJson(open));
    }

    private static final class SettableClock extends Clock {
        private Instant now;

        SettableClock(Instant now) {
            this.now = now;
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private record FakeIdentity(
            Optional<Path> keys,
            Optional<Path> jwks,
            Duration tokenLifetime,
            Duration longestLifetime,
            Optional<List<String>> openPaths)
            implements IdentityConfig {}
}
