package org.capitania.agentruntime.model;

import org.capitania.agentruntime.transcript.Reply;

/** A language model, or what plays one. */
public interface Model {
    /** The provider's name: {@code rehearsal}, {@code anthropic}, {@code openai} or {@code ollama}. */
    String provider();

    /** How many tokens a request and its answer may have together. */
    default long window() {
        return 200_000;
    }

    /**
     * The model's next reply. Waits and tries again where that is safe; anything else is a {@link ModelFailure}. Blocking; an interrupt
     * ends it.
     */
    Reply reply(ModelRequest request);

    /** The same, heard while it is said; a model that cannot do that says it whole. */
    default Reply reply(ModelRequest request, Words words) {
        Reply reply = reply(request);
        words.said(request.callId(), reply.text());
        return reply;
    }
}
