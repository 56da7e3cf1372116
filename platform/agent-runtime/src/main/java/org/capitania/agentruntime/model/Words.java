package org.capitania.agentruntime.model;

/** Hears what a model says while it says it. Nothing that is heard counts: only the whole reply does. */
@FunctionalInterface
public interface Words {
    /** For a reply that nobody listens to. */
    Words UNHEARD = (callId, piece) -> {};

    /** The next piece of what is said in a call; each attempt is a call of its own. Must not fail. */
    void said(String callId, String piece);
}
