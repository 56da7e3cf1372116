package org.capitania.servicekit;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.capitania.contract.Json;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** Signs this process' own short-lived tokens: one principal, one audience, one tenant each. */
@ApplicationScoped
public class TokenIssuer {
    private record Cached(String token, Instant freshUntil) {}

    private record Claim(
            String principal,
            String audience,
            String tenant,
            @Nullable String onBehalfOf) {}

    private final Map<String, PublicJsonWebKey> keys = new HashMap<>();
    private final Map<Claim, Cached> cache = new ConcurrentHashMap<>();
    private final IdentityConfig config;
    private final String service;
    private final Clock clock;

    TokenIssuer(IdentityConfig config, @ConfigProperty(name = "hq.service") String service, Clock clock) {
        this.config = config;
        this.service = service;
        this.clock = clock;
        config.keys().ifPresent(this::load);
    }

    /** The principal a service signs as when it is not told otherwise: an agent's own, else {@code system:<service>}. */
    public String defaultPrincipal() {
        String system = "system:" + service;
        return !keys.containsKey(system) && keys.size() == 1
                ? keys.keySet().iterator().next()
                : system;
    }

    /** A bearer token; reused until a third of its life is left. */
    public String token(String principal, String audience, String tenant, @Nullable String onBehalfOf) {
        Claim claim = new Claim(principal, audience, tenant, onBehalfOf);
        Instant now = clock.instant();
        Cached cached = cache.get(claim);
        if (cached != null && now.isBefore(cached.freshUntil())) {
            return cached.token();
        }
        String token = sign(claim, now);
        cache.put(
                claim,
                new Cached(
                        token, now.plus(config.tokenLifetime().multipliedBy(2).dividedBy(3))));
        cache.values().removeIf(c -> now.isAfter(c.freshUntil()));
        return token;
    }

    private String sign(Claim claim, Instant now) {
        PublicJsonWebKey key = keys.get(claim.principal());
        if (key == null) {
            throw new IllegalStateException(
                    "this process holds no key of " + claim.principal() + ", only of " + keys.keySet());
        }
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(Tokens.ISSUER);
        claims.setSubject(claim.principal());
        claims.setAudience(claim.audience());
        claims.setStringClaim("tenant", claim.tenant());
        claims.setIssuedAt(NumericDate.fromSeconds(now.getEpochSecond()));
        claims.setExpirationTime(
                NumericDate.fromSeconds(now.plus(config.tokenLifetime()).getEpochSecond()));
        claims.setJwtId(UUID.randomUUID().toString());
        if (claim.onBehalfOf() != null) {
            claims.setStringClaim("obo", claim.onBehalfOf());
        }
        JsonWebSignature jws = new JsonWebSignature();
        jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
        jws.setKeyIdHeaderValue(key.getKeyId());
        jws.setKey(key.getPrivateKey());
        jws.setPayload(claims.toJson());
        try {
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException("cannot sign for " + claim.principal(), e);
        }
    }

    private void load(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".jwk")).toList()) {
                JsonNode jwk = Json.MAPPER.readTree(file.toFile());
                keys.put(jwk.path("sub").asText(), PublicJsonWebKey.Factory.newPublicJwk(jwk.toString()));
            }
        } catch (IOException | JoseException e) {
            throw new IllegalStateException("cannot read the keys in " + directory, e);
        }
    }
}
