package org.capitania.embedded.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.embedded.MachineProblem;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenSignerTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    @TempDir
    Path dir;

    private KeyFiles.Layout layout;

    @BeforeEach
    void makeKeys() {
        layout = new KeyFiles.Layout(dir.resolve("services"), dir.resolve("tokens/owner"), dir.resolve("jwks.json"));
        KeyFiles.ensureFleet(layout, List.of("main"));
    }

    private JwtClaims verify(String token, String audience, Instant at) throws Exception {
        JwtConsumer consumer = new JwtConsumerBuilder()
                .setVerificationKeyResolver(new JwksVerificationKeyResolver(
                        new JsonWebKeySet(Files.readString(layout.jwks())).getJsonWebKeys()))
                .setJwsAlgorithmConstraints(
                        AlgorithmConstraints.ConstraintType.PERMIT,
                        AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256)
                .setExpectedIssuer("capitania")
                .setExpectedAudience(audience)
                .setRequireExpirationTime()
                .setRequireJwtId()
                .setEvaluationTime(NumericDate.fromSeconds(at.getEpochSecond()))
                .build();
        return consumer.processToClaims(token);
    }

    @Test
    void shouldSignWhatAnotherLibraryVerifies() throws Exception {
        // Given many keys, since a coordinate with leading zero bytes comes once in some hundred
        for (int i = 0; i < 300; i++) {
            Path file = dir.resolve("many/" + i + ".jwk");
            KeyFiles.ensure(Map.of(file, Principal.agent("chief", List.of("main"))), layout.jwks());

            JwtClaims claims = verify(
                    TokenSigner.load(file, CLOCK).sign("tool-registry", "main"), "tool-registry", NOW.plusSeconds(299));

            assertThat(claims.getSubject()).isEqualTo("agent:chief");
            assertThat(claims.getStringClaimValue("tenant")).isEqualTo("main");
        }
    }

    @Test
    void shouldBeRefusedWhenLateElsewhereOrChanged() {
        String token = TokenSigner.load(layout.owner(), CLOCK)
                .sign("supervisor", "main", Duration.ofMinutes(15), Map.of("use", "sign-in"));
        assertThatThrownBy(() -> verify(token, "supervisor", NOW.plusSeconds(901)))
                .isInstanceOf(InvalidJwtException.class);
        assertThatThrownBy(() -> verify(token, "graph-service", NOW)).isInstanceOf(InvalidJwtException.class);
        String forged = token.substring(0, token.length() - 3) + (token.endsWith("AAA") ? "BBB" : "AAA");
        assertThatThrownBy(() -> verify(forged, "supervisor", NOW)).isInstanceOf(InvalidJwtException.class);
    }

    @Test
    void shouldKeepPrivateHalvesPrivateAndKeysStable() throws Exception {
        String before = Files.readString(layout.owner());
        KeyFiles.ensureFleet(layout, List.of("main", "other"));

        assertThat(Files.readString(layout.owner())).isEqualTo(before);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(layout.owner())))
                .isEqualTo("rw-------");
        JsonNode jwks = Json.MAPPER.readTree(layout.jwks().toFile());
        assertThat(jwks.path("keys")).allSatisfy(key -> {
            assertThat(key.has("d")).isFalse();
            assertThat(key.path("tenants")).hasSize(2);
        });
    }

    @Test
    void shouldKnowAClientFromItsFirstToken() throws Exception {
        // When
        Path key = KeyFiles.ensureClient(layout, "claude-code");
        String before = Files.readString(key);
        assertThat(KeyFiles.ensureClient(layout, "claude-code")).isEqualTo(key);
        KeyFiles.ensureFleet(layout, List.of("main"));
        // Then: it stays what it was, is known once, and is good for the gateway alone
        assertThat(Files.readString(key)).isEqualTo(before);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        JwtClaims claims =
                verify(TokenSigner.load(key, CLOCK).sign("tool-registry", "main"), "tool-registry", NOW.plusSeconds(1));
        assertThat(claims.getSubject()).isEqualTo("client:claude-code");
        List<JsonNode> clients = new ArrayList<>();
        for (JsonNode entry : Json.MAPPER.readTree(layout.jwks().toFile()).path("keys")) {
            if (entry.path("kind").asText().equals("client")) {
                clients.add(entry);
            }
        }
        assertThat(clients).hasSize(1);
        assertThat(clients.getFirst().path("aud")).hasSize(1);
        assertThat(clients.getFirst().path("aud").path(0).asText()).isEqualTo("tool-registry");
        assertThat(clients.getFirst().path("tenants").path(0).asText()).isEqualTo("main");
        assertThat(clients.getFirst().path("obo").asBoolean()).isFalse();
    }

    @Test
    void shouldGiveEachProcessItsOwnKeysOnly() throws Exception {
        assertThat(layout.of(Service.AGENT_CHIEF).toFile().list()).containsExactly("agent_chief.jwk");
        assertThat(layout.of(Service.INGEST_WORKERS).toFile().list())
                .containsExactlyInAnyOrder(
                        "system_ingest-workers.jwk",
                        "worker_email_ingest.jwk",
                        "worker_embed_worker.jwk",
                        "worker_enrich.jwk");
        for (JsonNode key : Json.MAPPER.readTree(layout.jwks().toFile()).path("keys")) {
            assertThat(key.path("obo").asBoolean())
                    .isEqualTo(List.of("user:owner", "system:tool-registry", "system:approval-service")
                            .contains(key.path("sub").asText()));
        }
    }

    @Test
    void shouldSayWhatToDoWhenThereIsNoKey() {
        assertThatThrownBy(() -> TokenSigner.load(dir.resolve("none"), CLOCK))
                .isInstanceOf(MachineProblem.class)
                .hasMessageContaining("run hq up");
    }
}
