package org.capitania.contract.api;

import java.util.List;

/**
 * A person whose data is to be erased for good ({@code POST /v1/erasures}, the owner only). 404 when there is no such node, 422 when it is no contact. There is no way back.
 *
 * @param person the id or slug of a contact
 */
public record Erasure(String person) {

    /**
     * What was erased in the graph; ledger, mail archive and published semantic events have their own retention.
     *
     * @param erased nodes that were emptied: the contact, others with the same address, what came from them
     * @param redacted nodes of others that only named the person
     * @param edges edges that held an address of the person
     * @param retained nodes that were left as they are, because their redaction policy says {@code retain}
     */
    public record Result(int erased, int redacted, int edges, List<String> retained, String auditEventId) {}
}
