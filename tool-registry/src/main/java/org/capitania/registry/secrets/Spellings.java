package org.capitania.registry.secrets;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.capitania.contract.Json;

/** The ways in which a secret stands in other texts: as it is, within JSON, in an address, in hexadecimal, and in base64 wherever it begins. */
final class Spellings {
    private static final int BITS_OF_A_LETTER = 6;

    private Spellings() {}

    static Set<String> of(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        Set<String> all = new LinkedHashSet<>();
        all.add(secret);
        String json = Json.write(secret);
        all.add(json.substring(1, json.length() - 1));
        String address = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        all.add(address);
        all.add(address.replace("+", "%20"));
        all.add(HexFormat.of().formatHex(bytes));
        all.add(HexFormat.of().formatHex(bytes).toUpperCase(Locale.ROOT));
        for (Base64.Encoder encoder : new Base64.Encoder[] {Base64.getEncoder(), Base64.getUrlEncoder()}) {
            all.add(encoder.withoutPadding().encodeToString(bytes));
            for (int before = 0; before < 3; before++) {
                all.add(within(encoder, bytes, before));
            }
        }
        return all;
    }

    /** Those letters of base64 that are the secret's alone when something stands before and after it. */
    private static String within(Base64.Encoder encoder, byte[] secret, int before) {
        byte[] text = new byte[before + secret.length];
        System.arraycopy(secret, 0, text, before, secret.length);
        int from = (before * Byte.SIZE + BITS_OF_A_LETTER - 1) / BITS_OF_A_LETTER;
        return encoder.withoutPadding()
                .encodeToString(text)
                .substring(from, text.length * Byte.SIZE / BITS_OF_A_LETTER);
    }
}
