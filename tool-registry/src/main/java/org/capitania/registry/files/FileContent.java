package org.capitania.registry.files;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;

/** What a file held when it was read. */
final class FileContent {
    private final byte[] bytes;
    private final Instant modifiedAt;

    FileContent(byte[] bytes, Instant modifiedAt) {
        this.bytes = bytes;
        this.modifiedAt = modifiedAt;
    }

    int size() {
        return bytes.length;
    }

    Instant modifiedAt() {
        return modifiedAt;
    }

    String sha256() {
        return sha256(bytes);
    }

    /** The text; empty when it is none in UTF-8, or has a NUL. */
    Optional<String> text() {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.indexOf('\0') < 0 ? Optional.of(text) : Optional.empty();
        } catch (CharacterCodingException e) {
            // Pictures and archives are files too; that this one is no text is the answer.
            return Optional.empty();
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FileContent content
                && Arrays.equals(bytes, content.bytes)
                && modifiedAt.equals(content.modifiedAt);
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(bytes), modifiedAt);
    }
}
