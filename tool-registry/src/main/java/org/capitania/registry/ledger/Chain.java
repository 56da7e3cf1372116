package org.capitania.registry.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import org.capitania.registry.freezing.Canonical;

/** The hash that ties each entry of a ledger to the one before it. */
final class Chain {
    /** What the first entry follows. */
    static final String ROOT = "0".repeat(64);

    private Chain() {}

    static String hash(String previous, long seq, String eventId, String recordedAt, JsonNode body) {
        String canonical = new String(Canonical.bytes(body), StandardCharsets.UTF_8);
        return Canonical.sha256(previous, Long.toString(seq), eventId, recordedAt, canonical);
    }
}
