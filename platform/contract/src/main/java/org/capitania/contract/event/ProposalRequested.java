package org.capitania.contract.event;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A change of how facts are stored, or a migration, is asked for ({@code proposal.requested}); key: the call that asked. Whoever prepares it puts it
 * before the owner.
 *
 * @param kind {@code schema_change} or {@code migration}
 * @param evidence what speaks for it, as whoever asked put it
 * @param by who asked
 * @param tainted whether whoever asked had read content from outside
 */
public record ProposalRequested(String kind, String title, JsonNode evidence, String by, boolean tainted) {
    public static final String TYPE = "proposal.requested";
}
