package org.capitania.contract.event;

/** A person wrote to an agent ({@code owner.dm}); key: the message. It wakes the addressed agent like any other event. */
public record OwnerDm(String messageId, String from, String to, String text) {
    public static final String TYPE = "owner.dm";
}
