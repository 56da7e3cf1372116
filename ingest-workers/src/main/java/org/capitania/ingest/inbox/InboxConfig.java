package org.capitania.ingest.inbox;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The mail directory. */
@ConfigMapping(prefix = "hq.mail")
interface InboxConfig {
    /** The directory that is watched, for example {@code .hq/mail/inbox}; none by default. Its siblings take what was handled. */
    Optional<Path> inbox();

    /** How often it is looked at; a file that did not change between two looks is complete. */
    @WithName("inbox-every")
    @WithDefault("1s")
    Duration inboxEvery();
}
