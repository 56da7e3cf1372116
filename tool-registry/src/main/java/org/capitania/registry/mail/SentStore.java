package org.capitania.registry.mail;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.mail.Folder;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.search.MessageIDTerm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.capitania.registry.handler.Presence;

/** Looks for a letter where what was sent is kept: the embedded sink's directory, or the provider's Sent folder. */
@ApplicationScoped
class SentStore {
    private final MailConfig config;

    SentStore(MailConfig config) {
        this.config = config;
    }

    /**
     * Whether the letter left.
     *
     * @param messageId as it stands in the header
     * @param doubted how long ago handing it over was cut off at the latest
     */
    Presence look(String messageId, Duration doubted) {
        if (config.sentDir().isPresent()) {
            if (inDirectory(config.sentDir().get(), messageId)) {
                return Presence.FOUND;
            }
            return doubted.compareTo(config.smtp().settle()) < 0 ? Presence.TOO_EARLY : Presence.ABSENT;
        }
        if (config.imap().host().isPresent()) {
            return inMailbox(config.imap().host().get(), messageId, doubted);
        }
        return Presence.UNKNOWABLE;
    }

    /** The sink names each file after its Message-ID without the brackets, and ours hold no character that it would change. */
    private static boolean inDirectory(Path directory, String messageId) {
        return Files.exists(directory.resolve(messageId.substring(1, messageId.length() - 1) + ".eml"));
    }

    private Presence inMailbox(String host, String messageId, Duration doubted) {
        MailConfig.Imap imap = config.imap();
        Session session = Session.getInstance(properties());
        try (Store store = session.getStore(imap.tls() ? "imaps" : "imap")) {
            store.connect(
                    host,
                    imap.port(),
                    imap.username().orElse(null),
                    imap.password().orElse(null));
            try (Folder folder = store.getFolder(imap.sentFolder())) {
                folder.open(Folder.READ_ONLY);
                if (folder.search(new MessageIDTerm(messageId)).length > 0) {
                    return Presence.FOUND;
                }
            }
        } catch (MessagingException e) {
            Log.warnf("the mailbox cannot be looked into, trying again host=%s why=%s", host, e.getMessage());
            return Presence.TOO_EARLY;
        }
        if (doubted.compareTo(config.smtp().settle()) < 0) {
            return Presence.TOO_EARLY;
        }
        return imap.sentIsComplete() ? Presence.ABSENT : Presence.UNKNOWABLE;
    }

    private Properties properties() {
        String millis = Long.toString(config.smtp().timeout().toMillis());
        Properties p = new Properties();
        for (String protocol : new String[] {"imap", "imaps"}) {
            p.setProperty("mail." + protocol + ".connectiontimeout", millis);
            p.setProperty("mail." + protocol + ".timeout", millis);
            p.setProperty("mail." + protocol + ".ssl.checkserveridentity", "true");
        }
        return p;
    }
}
