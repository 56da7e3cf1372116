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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.PlainDSAEncoding;
import org.bouncycastle.math.ec.ECCurve;
import org.bouncycastle.math.ec.custom.sec.SecP256R1Curve;
import org.capitania.contract.JsonTree;
import org.capitania.embedded.MachineProblem;

/**
 * Signs ES256 tokens with one principal's private key file. With Bouncy Castle, since the JDK computes a table of sixty multiples of the
 * curve's generator for the first signature of a process, and {@code hq} is a process a signature.
 */
public final class TokenSigner {
    public static final String ISSUER = "capitania";
    public static final Duration DEFAULT_LIFETIME = Duration.ofMinutes(5);

    private static final ECDomainParameters P256 = p256();

    private final String subject;
    private final String keyId;
    private final ECPrivateKeyParameters key;
    private final Clock clock;

    private TokenSigner(String subject, String keyId, ECPrivateKeyParameters key, Clock clock) {
        this.subject = subject;
        this.keyId = keyId;
        this.key = key;
        this.clock = clock;
    }

    /** Reads a private key file that {@link KeyFiles} wrote. */
    public static TokenSigner load(Path file, Clock clock) {
        try {
            JsonNode jwk = JsonTree.read(Files.readAllBytes(file));
            BigInteger secret = new BigInteger(1, Base64.getUrlDecoder().decode(required(jwk, "d", file)));
            ECPrivateKeyParameters key = new ECPrivateKeyParameters(secret, P256);
            return new TokenSigner(required(jwk, "sub", file), required(jwk, "kid", file), key, clock);
        } catch (NoSuchFileException e) {
            throw new MachineProblem(
                    MachineProblem.Kind.NO_PERMISSION, "there is no key at " + file + ": run hq up first", e);
        } catch (IOException | IllegalArgumentException e) {
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
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(signed.getBytes(StandardCharsets.US_ASCII));
            ECDSASigner signer = new ECDSASigner();
            signer.init(true, new ParametersWithRandom(key, new SecureRandom()));
            BigInteger[] signature = signer.generateSignature(digest);
            return signed + "." + encode(PlainDSAEncoding.INSTANCE.encode(P256.getN(), signature[0], signature[1]));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }

    /** As in SEC 2, 2.4.2. The library's own list of curves makes the others too, which takes longer than a signature. */
    private static ECDomainParameters p256() {
        ECCurve curve = new SecP256R1Curve();
        return new ECDomainParameters(
                curve,
                curve.createPoint(
                        new BigInteger("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296", 16),
                        new BigInteger("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5", 16)),
                curve.getOrder(),
                curve.getCofactor());
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
