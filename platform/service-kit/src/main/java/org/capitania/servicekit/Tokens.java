package org.capitania.servicekit;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.servicekit.KeySet.BoundKey;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwx.JsonWebStructure;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** Checks tokens: signature, subject bound to the key, one audience, one tenant, freshness, length of life. */
@ApplicationScoped
public class Tokens {
    static final String ISSUER = "capitania";
    private static final String USE = "use";
    private static final Pattern PERSON = Pattern.compile("user:[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private static final int MOST_PROVEN = 256;

    /** What a token has proven. */
    private record Proven(Caller caller, String keyId, BoundKey bound, Instant until) {}

    /** A caller uses its token for minutes; checking a signature costs more than the rest of a small request. The oldest go first. */
    private final Map<String, Proven> proven = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Proven> eldest) {
            return size() > MOST_PROVEN;
        }
    });

    private final KeySet keys;
    private final IdentityConfig config;
    private final String audience;
    private final Clock clock;

    Tokens(KeySet keys, IdentityConfig config, @ConfigProperty(name = "hq.service") String audience, Clock clock) {
        this.keys = keys;
        this.config = config;
        this.audience = audience;
        this.clock = clock;
    }

    /** The caller a bearer token proves; {@code UNAUTHENTICATED} says what is wrong with it. */
    public Caller verify(String token) {
        Proven before = proven.get(token);
        if (before != null && holds(before)) {
            return before.caller();
        }
        try {
            JwtClaims claims = claims(token);
            require(!claims.hasClaim(USE), "it is a ticket for one use, not a bearer token");
            String keyId = keyId(token);
            BoundKey bound = boundKey(keyId);
            Caller caller = callerOf(claims, bound);
            proven.put(
                    token,
                    new Proven(
                            caller,
                            keyId,
                            bound,
                            Instant.ofEpochSecond(claims.getExpirationTime().getValue())));
            return caller;
        } catch (MalformedClaimException e) {
            throw refused("a claim is malformed: " + e.getMessage());
        }
    }

    /** The ticket a token proves, made for exactly this use (claim {@code use}); the caller sees to it that it is used once. */
    public Ticket ticket(String token, String use) {
        try {
            JwtClaims claims = claims(token);
            require(use.equals(claims.getStringClaimValue(USE)), "it is no ticket for " + use);
            require(!claims.hasClaim("obo"), "a ticket is only for the one whose key signed it");
            return new Ticket(
                    callerOf(claims, boundKey(keyId(token))),
                    claims.getJwtId(),
                    Instant.ofEpochSecond(claims.getExpirationTime().getValue()));
        } catch (MalformedClaimException e) {
            throw refused("a claim is malformed: " + e.getMessage());
        }
    }

    /** Not a moment longer than the token itself, and only while its key is what it was. */
    private boolean holds(Proven before) {
        return clock.instant().isBefore(before.until())
                && keys.find(before.keyId()).filter(before.bound()::equals).isPresent();
    }

    private JwtClaims claims(String token) {
        BoundKey bound = boundKey(keyId(token));
        JwtConsumer consumer = new JwtConsumerBuilder()
                .setVerificationKey(bound.key())
                .setJwsAlgorithmConstraints(
                        AlgorithmConstraints.ConstraintType.PERMIT,
                        AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256)
                .setExpectedIssuer(ISSUER)
                .setExpectedAudience(audience)
                .setExpectedSubject(bound.subject())
                .setRequireExpirationTime()
                .setRequireIssuedAt()
                .setRequireJwtId()
                .setAllowedClockSkewInSeconds(5)
                .setEvaluationTime(NumericDate.fromMilliseconds(clock.millis()))
                .build();
        try {
            JwtClaims claims = consumer.processToClaims(token);
            long life =
                    claims.getExpirationTime().getValue() - claims.getIssuedAt().getValue();
            if (life > config.longestLifetime().toSeconds()) {
                throw refused("it lives " + life + " s, longer than "
                        + config.longestLifetime().toSeconds() + " s");
            }
            if (claims.getAudience().size() != 1) {
                throw refused("it names more than one audience");
            }
            return claims;
        } catch (InvalidJwtException e) {
            throw refused(
                    e.getErrorDetails().isEmpty()
                            ? "it is not valid"
                            : e.getErrorDetails().getFirst().getErrorMessage());
        } catch (MalformedClaimException e) {
            throw refused("a claim is malformed: " + e.getMessage());
        }
    }

    private Caller callerOf(JwtClaims claims, BoundKey bound) throws MalformedClaimException {
        String tenant = claims.getStringClaimValue("tenant");
        require(tenant != null && allows(bound.tenants(), tenant), "its key is not valid for tenant " + tenant);
        require(allows(bound.audiences(), audience), bound.subject() + " may not call " + audience);
        @Nullable String behalf = claims.getStringClaimValue("obo");
        if (behalf != null) {
            requireMayActFor(bound, behalf);
        }
        return new Caller(tenant, behalf == null ? bound.subject() : behalf, bound.subject(), bound.kind(), audience);
    }

    /** Two services speak for anybody; the owner for another person, never for an agent, a worker or a service (decision 19). */
    private static void requireMayActFor(BoundKey bound, String behalf) {
        boolean may = switch (bound.kind()) {
            case SERVICE -> bound.mayActFor();
            case OWNER -> bound.mayActFor() && PERSON.matcher(behalf).matches() && !behalf.equals(bound.subject());
            case PERSON, AGENT, WORKER, CLIENT -> false;
        };
        require(may, bound.subject() + " may not act on behalf of " + behalf);
    }

    private BoundKey boundKey(String keyId) {
        return keys.find(keyId).orElseThrow(() -> refused("its key is unknown here"));
    }

    private static String keyId(String token) {
        try {
            String kid = JsonWebStructure.fromCompactSerialization(token).getKeyIdHeaderValue();
            return kid == null ? "" : kid;
        } catch (JoseException e) {
            throw refused("it is not a signed JWT");
        }
    }

    private static boolean allows(Set<String> set, String value) {
        return set.contains("*") || set.contains(value);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw refused(otherwise);
        }
    }

    private static CapitaniaException refused(String why) {
        return new CapitaniaException(ErrorCode.UNAUTHENTICATED, "the bearer token is refused: " + why)
                .withHint("get a fresh token; hq signs one for each call");
    }
}
