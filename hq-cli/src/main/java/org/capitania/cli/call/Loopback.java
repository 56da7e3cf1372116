package org.capitania.cli.call;

import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** How this machine's own fleet is reached: by plain HTTP on the loopback. */
public final class Loopback {
    private Loopback() {}

    /**
     * A context for an {@code HttpClient} that never speaks TLS: it trusts nobody. Without one the client reads the JDK's whole trust store
     * when it is made, on every call of {@code hq}.
     */
    public static SSLContext trustingNobody() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }
}
