package org.capitania.approval.signin;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Sessions of the console. */
@ConfigMapping(prefix = "hq.console")
public interface SignInConfig {
    /** How long someone who signed in stays so. */
    @WithDefault("7d")
    Duration session();
}
