package org.capitania.outbox;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** Where the store is, and the password of each of this service's three roles. */
@ConfigMapping(prefix = "hq.db")
public interface DatabaseConfig {
    /** The host. */
    String host();

    /** The port. */
    int port();

    /** The database. */
    String name();

    /** Of the role {@code <schema>}, which serves requests. */
    Optional<String> password();

    /** Of the role {@code <schema>_owner}, which migrates. */
    Optional<String> ownerPassword();

    /** Of the role {@code <schema>_relay}, which publishes. */
    Optional<String> relayPassword();
}
