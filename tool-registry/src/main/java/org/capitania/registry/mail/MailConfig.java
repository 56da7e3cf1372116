package org.capitania.registry.mail;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The company's mailbox, as far as sending goes. Its credentials are here and with ingest-workers, and nowhere else. */
@ConfigMapping(prefix = "hq.mail")
public interface MailConfig {
    /** The company's own address, from which everything is sent. */
    @WithDefault("hello@capitania.example")
    String from();

    /** The name beside that address. */
    Optional<String> fromName();

    /** The directory in which the embedded sink keeps what was sent; with it a mail in doubt is looked up there. */
    Optional<Path> sentDir();

    Smtp smtp();

    Imap imap();

    /** The server that takes our mail. */
    interface Smtp {
        @WithDefault("127.0.0.1")
        String host();

        @WithDefault("12525")
        int port();

        Optional<String> username();

        Optional<String> password();

        /** TLS from the first byte, as on port 465. */
        @WithDefault("false")
        boolean tls();

        /** STARTTLS, and nothing without it. */
        @WithDefault("false")
        boolean starttls();

        /** How long to wait for a connection, and for each answer. */
        @WithDefault("15s")
        Duration timeout();

        /**
         * How long after an attempt that was cut off the other side may still be storing the message. Only after that a message that is not
         * found was surely not sent.
         */
        @WithDefault("3s")
        Duration settle();
    }

    /** The mailbox in which the provider keeps what was sent. Without it, and without {@link #sentDir}, a mail in doubt waits for a person. */
    interface Imap {
        Optional<String> host();

        @WithDefault("993")
        int port();

        @WithDefault("true")
        boolean tls();

        Optional<String> username();

        Optional<String> password();

        @WithDefault("Sent")
        String sentFolder();

        /**
         * Whether the provider itself files everything it sends there. Only then does a message that is missing prove that it did not
         * leave.
         */
        @WithDefault("false")
        boolean sentIsComplete();
    }
}
