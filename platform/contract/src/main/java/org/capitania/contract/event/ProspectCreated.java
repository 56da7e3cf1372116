package org.capitania.contract.event;

/** An entity came to be known as a prospect ({@code prospect.created}); key: the entity. */
public record ProspectCreated(String id, String slug, String name) {
    public static final String TYPE = "prospect.created";
}
