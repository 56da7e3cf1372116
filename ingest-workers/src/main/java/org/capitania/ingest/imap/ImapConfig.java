package org.capitania.ingest.imap;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** A mailbox read by IMAP; off without a host. It is only read: nothing in it is moved, marked or deleted. */
@ConfigMapping(prefix = "hq.mail.imap")
interface ImapConfig {
    /** The server; without one this worker is off. */
    Optional<String> host();

    @WithDefault("993")
    int port();

    Optional<String> username();

    Optional<String> password();

    @WithDefault("INBOX")
    String folder();

    /** TLS from the first byte, as on port 993. */
    @WithDefault("true")
    boolean tls();

    /** STARTTLS, and nothing without it. */
    @WithDefault("false")
    boolean starttls();

    /** Whether mail that was there before the first look is taken too; without it only what comes from now on. */
    @WithDefault("false")
    boolean backfill();

    /** How long one IDLE lasts before it is issued anew; servers end it after 30 minutes, middle boxes much earlier. */
    @WithDefault("4m")
    Duration idle();

    /** How often a server without IDLE is asked, and the pause after an error. */
    @WithDefault("30s")
    Duration every();

    /** How long to wait for a connection, and for each answer. */
    @WithDefault("30s")
    Duration timeout();
}
