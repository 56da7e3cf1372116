package org.capitania.servicekit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Keys and tokens of this process. */
@ConfigMapping(prefix = "hq.identity")
public interface IdentityConfig {
    /** The directory with this process' own private keys, one JWK file a principal. */
    Optional<Path> keys();

    /** The public keys of every principal, each bound to its subject, kind, audiences and tenants. */
    Optional<Path> jwks();

    /** How long an issued token lives. */
    @WithDefault("5m")
    Duration tokenLifetime();

    /** The longest life of a token that is accepted; {@code hq token --ttl} may ask for up to 15 minutes. */
    @WithDefault("15m")
    Duration longestLifetime();

    /** Paths, or prefixes that end in an asterisk, which answer without a token: sign-in, static files of the console, signed webhooks. */
    Optional<List<String>> openPaths();
}
