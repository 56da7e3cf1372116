package org.capitania.ingest.imap;

import io.quarkus.logging.Log;
import jakarta.mail.Folder;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.IMAPStore;

/** An open mailbox. */
final class ImapConnection implements AutoCloseable {
    private final IMAPStore store;
    private final IMAPFolder folder;

    private ImapConnection(IMAPStore store, IMAPFolder folder) {
        this.store = store;
        this.folder = folder;
    }

    static ImapConnection open(ImapConfig config) throws MessagingException {
        String protocol = config.tls() ? "imaps" : "imap";
        Properties properties = new Properties();
        String prefix = "mail." + protocol + ".";
        String millis = Long.toString(config.timeout().toMillis());
        properties.setProperty(prefix + "connectiontimeout", millis);
        properties.setProperty(
                prefix + "timeout",
                Long.toString(config.idle().plus(config.timeout()).toMillis()));
        properties.setProperty(prefix + "writetimeout", millis);
        properties.setProperty(prefix + "ssl.checkserveridentity", "true");
        properties.setProperty(prefix + "starttls.enable", Boolean.toString(config.starttls()));
        properties.setProperty(prefix + "starttls.required", Boolean.toString(config.starttls()));
        // Nothing is marked as read, and a large message comes in pieces.
        properties.setProperty(prefix + "peek", "true");
        properties.setProperty(prefix + "fetchsize", "262144");
        IMAPStore store = (IMAPStore) Session.getInstance(properties).getStore(protocol);
        store.connect(
                config.host().orElseThrow(),
                config.port(),
                config.username().orElse(null),
                config.password().orElse(null));
        try {
            IMAPFolder folder = (IMAPFolder) store.getFolder(config.folder());
            folder.open(Folder.READ_ONLY);
            return new ImapConnection(store, folder);
        } catch (MessagingException e) {
            store.close();
            throw e;
        }
    }

    IMAPFolder folder() {
        return folder;
    }

    /** How many messages there are, as far as the server has told by now. */
    int messages() throws MessagingException {
        return folder.getMessageCount();
    }

    /** Waits until something changes or the time is over; false when the server cannot tell of changes. */
    boolean awaitMore(Duration atMost) throws MessagingException {
        if (!store.hasCapability("IDLE")) {
            return false;
        }
        CountDownLatch changed = new CountDownLatch(1);
        // The library never ends an IDLE by itself; any other command does.
        Thread reminder = Thread.ofVirtual().name("imap-idle-reminder").start(() -> remind(changed, atMost));
        try {
            folder.idle(true);
        } finally {
            changed.countDown();
            reminder.interrupt();
        }
        return true;
    }

    private void remind(CountDownLatch changed, Duration atMost) {
        try {
            if (!changed.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                folder.getMessageCount();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (MessagingException e) {
            // The waiting thread finds the broken connection too, and reports it.
            Log.debugf(e, "an IDLE could not be ended");
        }
    }

    @Override
    public void close() throws MessagingException {
        try (store) {
            if (folder.isOpen()) {
                folder.close(false);
            }
        }
    }
}
