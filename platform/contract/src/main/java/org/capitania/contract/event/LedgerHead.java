package org.capitania.contract.event;

import java.time.Instant;

/**
 * How far a ledger's chain had come ({@code ledger.head}), published every hour; key: the ledger. Whoever writes the chain anew has to write these
 * records anew as well, and they are kept where that cannot be done.
 *
 * @param ledger the table
 * @param hash of the entry {@code seq}
 */
public record LedgerHead(String ledger, long seq, String hash, Instant at) {
    public static final String TYPE = "ledger.head";
}
