package org.capitania.graph.mutation;

import org.capitania.contract.api.MutationOp;

/** The name a node has elsewhere; unique per tenant and type. */
record ExternalKey(String type, String source, String id) {

    static ExternalKey of(MutationOp.Create create, String path) {
        if (create.externalSource() == null || create.externalId() == null) {
            throw References.invalid(path, "one of the two", "external_source and external_id together");
        }
        return new ExternalKey(create.type(), create.externalSource(), create.externalId());
    }

    String token() {
        return "x:" + type + "\n" + source + "\n" + id;
    }
}
