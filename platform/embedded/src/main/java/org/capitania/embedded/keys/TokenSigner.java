package org.capitania.embedded.keys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.JsonTree;
import org.capitania.embedded.MachineProblem;

/** Signs ES256 tokens with one principal's private key file, with nothing but the JDK. */
public final class TokenSigner {
    public static final String ISSUER = "capitania";
    public static final Duration DEFAULT_LIFETIME = Duration.ofMinutes(5);

    private final String subject;
    private final String keyId;
    private final PrivateKey key;
    private final Clock clock;

    private TokenSigner(String subject, String keyId, PrivateKey key, Clock clock) {
        this.subject = subject;
        this.keyId = keyId;
        this.key = key;
        this.clock = clock;
    }

    /** Reads a private key file that {@link KeyFiles} wrote. */
    public static TokenSigner load(Path file, Clock clock) {
        try {
            JsonNode jwk = JsonTree.read(Files.readAllBytes(file));
            AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
            curve.init(new ECGenParameterSpec("secp256r1"));
            BigInteger secret = new BigInteger(1, Base64.getUrlDecoder().decode(required(jwk, "d", file)));
            PrivateKey key = KeyFactory.getInstance("EC")
                    .generatePrivate(new ECPrivateKeySpec(secret, curve.getParameterSpec(ECParameterSpec.class)));
            return new TokenSigner(required(jwk, "sub", file), required(jwk, "kid", file), key, clock);
        } catch (NoSuchFileException e) {
            throw new MachineProblem(
                    MachineProblem.Kind.NO_PERMISSION, "there is no key at " + file + ": run hq up first", e);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new MachineProblem(
                    MachineProblem.Kind.NO_PERMISSION, "the key at " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The principal whose key this is. */
    public String subject() {
        return subject;
    }

    /** A token of the default lifetime. */
    public String sign(String audience, String tenant) {
        return sign(audience, tenant, DEFAULT_LIFETIME, Map.of());
    }

    /**
     * A token for one service and one tenant.
     *
     * @param more further claims, for example {@code obo} or {@code use}
     */
    public String sign(String audience, String tenant, Duration lifetime, Map<String, String> more) {
        long now = clock.instant().getEpochSecond();
        ObjectNode header = JsonNodeFactory.instance
                .objectNode()
                .put("alg", "ES256")
                .put("typ", "JWT")
                .put("kid", keyId);
        ObjectNode claims = JsonNodeFactory.instance
                .objectNode()
                .put("iss", ISSUER)
                .put("sub", subject)
                .put("aud", audience)
                .put("tenant", tenant)
                .put("iat", now)
                .put("exp", now + lifetime.toSeconds())
                .put("jti", UUID.randomUUID().toString());
        more.forEach(claims::put);
        String signed = encode(JsonTree.bytes(header)) + "." + encode(JsonTree.bytes(claims));
        try {
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(key);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + encode(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign for " + subject, e);
        }
    }

    private static String required(JsonNode jwk, String member, Path file) throws IOException {
        String value = jwk.path(member).asText();
        if (value.isEmpty()) {
            throw new IOException("member " + member + " is missing in " + file.getFileName());
        }
        return value;
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
