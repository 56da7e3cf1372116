package org.capitania.agentruntime.workspace;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;

/** Counts tokens as cl100k does; a measure for files and caps, not what a provider will bill. */
public final class TokenCount {
    private static final class Holder {
        // About 13 MB of tables: loaded when the first text is counted, which an agent does only to rehearse.
        static final Encoding CL100K = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);
    }

    private TokenCount() {}

    public static int of(String text) {
        return Holder.CL100K.countTokensOrdinary(text);
    }

    /** A guess without tables: four characters a token; for budget checks of text that no provider has counted yet. */
    public static long estimate(String text) {
        return (text.length() + 3L) / 4;
    }
}
