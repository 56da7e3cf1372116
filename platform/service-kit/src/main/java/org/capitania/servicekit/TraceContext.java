package org.capitania.servicekit;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** W3C trace context, as far as the fleet needs it to follow one cause through every hop. */
public final class TraceContext {
    private static final SecureRandom RANDOM = new SecureRandom();

    private TraceContext() {}

    /** A new root {@code traceparent}. */
    public static String fresh() {
        return "00-" + hex(16) + "-" + hex(8) + "-01";
    }

    /** The trace id of a {@code traceparent}, or null when it is none. */
    public static @Nullable String traceId(@Nullable String traceparent) {
        return traceparent != null && traceparent.length() == 55 ? traceparent.substring(3, 35) : null;
    }

    private static String hex(int bytes) {
        byte[] b = new byte[bytes];
        RANDOM.nextBytes(b);
        return HexFormat.of().formatHex(b);
    }
}
