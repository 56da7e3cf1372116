package org.capitania.ingest.mime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.stream.FieldBuilder;
import org.apache.james.mime4j.stream.RawField;
import org.apache.james.mime4j.util.ByteArrayBuffer;
import org.apache.james.mime4j.util.RecycledByteArrayBuffer;
import org.jspecify.annotations.Nullable;

/** Reads header fields: a too long one is cut instead of refused, a line that is none is skipped, a sloppy transfer encoding is understood. */
final class LenientFields implements FieldBuilder {
    /** Room for some three thousand recipients. */
    private static final int LIMIT = 128 * 1024;

    private final ByteArrayOutputStream raw = new ByteArrayOutputStream(256);
    private @Nullable String boundary;
    private String name = "";
    private String value = "";

    /** @param boundary stands in for the one that the first multipart header lacks or has wrong */
    LenientFields(@Nullable String boundary) {
        this.boundary = boundary;
    }

    /** The lower-case name of the field built last. */
    String name() {
        return name;
    }

    /** Its value, unfolded and decoded from raw bytes; encoded words are still encoded. */
    String value() {
        return value;
    }

    @Override
    public void reset() {
        raw.reset();
    }

    @Override
    public void append(@Nullable ByteArrayBuffer line) {
        if (line != null && raw.size() < LIMIT) {
            raw.write(line.buffer(), 0, Math.min(line.length(), LIMIT - raw.size()));
        }
    }

    @Override
    public RawField build() throws MimeException {
        byte[] bytes = raw.toByteArray();
        int colon = 0;
        while (colon < bytes.length && bytes[colon] != ':') {
            colon++;
        }
        int end = colon;
        while (end > 0 && (bytes[end - 1] == ' ' || bytes[end - 1] == '\t')) {
            end--;
        }
        if (colon == bytes.length || end == 0 || end > 200) {
            throw new MimeException("a line that is no header field");
        }
        for (int i = 0; i < end; i++) {
            if (bytes[i] <= ' ' || bytes[i] == 0x7f) {
                throw new MimeException("a line that is no header field");
            }
        }
        name = new String(bytes, 0, end, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
        byte[] rest = Arrays.copyOfRange(bytes, colon + 1, bytes.length);
        value = unfold(CharsetGuess.decode(rest, null));
        String body = unfold(new String(rest, StandardCharsets.ISO_8859_1));
        if (boundary != null && name.equals("content-type") && body.regionMatches(true, 0, "multipart/", 0, 10)) {
            int semicolon = body.indexOf(';');
            body = (semicolon < 0 ? body : body.substring(0, semicolon)) + "; boundary=\"" + boundary + "\"";
            value = body;
            boundary = null;
        }
        return new RawField(name, name.equals("content-transfer-encoding") ? encoding(body) : body);
    }

    private static String unfold(String text) {
        return text.replace("\r", "").replace("\n", "").replace('\0', ' ').strip();
    }

    /** {@code "Base64 (comment)"}, {@code quoted-printable;}, {@code quotedprintable}: what was meant. */
    private static String encoding(String body) {
        String said = body.toLowerCase(Locale.ROOT);
        return said.contains("base64")
                ? "base64"
                : said.contains("quoted") && said.contains("printable") ? "quoted-printable" : said;
    }

    @Override
    @SuppressWarnings("NullAway") // mime4j allows null here: the raw lines are not kept
    public @Nullable RecycledByteArrayBuffer getRaw() {
        return null;
    }

    @Override
    public void release() {
        raw.reset();
    }
}
