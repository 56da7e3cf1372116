package org.capitania.registry.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;

/**
 * Counts with cl100k_base, as the caps of the workspaces' files do (agent-runtime), so that the two can be added. No provider of ours publishes the
 * encoding of its newest models; those of Anthropic make some more of the same text, which the budgets have room for.
 */
public final class Tokens {
    private static final Encoding CL100K = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);

    private Tokens() {}

    public static int of(String text) {
        return CL100K.countTokensOrdinary(text);
    }

    static int of(JsonNode json) {
        return of(json.toString());
    }
}
