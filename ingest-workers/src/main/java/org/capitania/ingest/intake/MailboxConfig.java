package org.capitania.ingest.intake;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** Which addresses are the company's own. */
@ConfigMapping(prefix = "hq.mail")
interface MailboxConfig {
    /** The address the company writes from and is written to. */
    Optional<String> from();

    /** Further addresses of the company. */
    Optional<List<String>> own();
}
