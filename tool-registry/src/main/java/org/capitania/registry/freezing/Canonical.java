package org.capitania.registry.freezing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.erdtman.jcs.JsonCanonicalizer;

/** One byte sequence for one JSON value (RFC 8785), and the digests taken of it. */
public final class Canonical {
    private Canonical() {}

    /** The canonical bytes of an object or an array. */
    public static byte[] bytes(JsonNode value) {
        try {
            return new JsonCanonicalizer(value.toString()).getEncodedUTF8();
        } catch (IOException e) {
            throw new CapitaniaException(
                    ErrorCode.BAD_REQUEST, "this JSON has no canonical form: " + e.getMessage(), e);
        }
    }

    /** SHA-256 of the tool's name, a line feed, and the canonical arguments; hexadecimal. */
    public static String digest(String tool, byte[] canonical) {
        MessageDigest sha = sha256();
        sha.update((tool + "\n").getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(sha.digest(canonical));
    }

    /** SHA-256 of lines, joined by line feeds; hexadecimal. */
    public static String sha256(String... lines) {
        return HexFormat.of().formatHex(sha256().digest(String.join("\n", lines).getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
