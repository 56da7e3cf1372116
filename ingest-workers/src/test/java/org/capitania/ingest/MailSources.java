package org.capitania.ingest;

import com.icegreen.greenmail.imap.ImapServer;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/** An IMAP server and a mail directory, and pauses that suit a test. */
public final class MailSources implements QuarkusTestResourceLifecycleManager {
    static final String COMPANY = "ola@atelierframa.example";

    private final GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    private ImapServer imap = imap(0);

    /** A server of its own, so that it may end and another begin on the same mailboxes. */
    private ImapServer imap(int port) {
        return new ImapServer(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_IMAP), server.getManagers());
    }

    /** Gives a test a switch of the IMAP server, in a type that both class loaders know. */
    @Override
    public void inject(TestInjector injector) {
        Consumer<Boolean> running = this::running;
        injector.injectIntoFields(running, new TestInjector.MatchesType(Consumer.class));
    }

    private void running(boolean on) {
        if (on) {
            imap = imap(imap.getPort());
            startImap();
        } else {
            imap.stopService();
        }
    }

    private void startImap() {
        imap.startService();
        try {
            if (!imap.waitTillRunning(10_000)) {
                throw new IllegalStateException("the IMAP server does not start");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Map<String, String> start() {
        server.start();
        server.setUser(COMPANY, COMPANY, "secret");
        imap = imap(0);
        startImap();
        int port = imap.getPort();
        // The tests find them by system properties: Quarkus loads their classes apart from this one.
        System.setProperty("test.smtp.port", Integer.toString(server.getSmtp().getPort()));
        try {
            Path mail = Files.createTempDirectory("hq-mail-test-");
            System.setProperty("test.mail", mail.toString());
            return Map.ofEntries(
                    Map.entry("hq.mail.from", "Atelier Frama <" + COMPANY + ">"),
                    Map.entry("hq.mail.inbox", mail.resolve("inbox").toString()),
                    Map.entry("hq.mail.inbox-every", "50ms"),
                    Map.entry("hq.mail.imap.host", "127.0.0.1"),
                    Map.entry("hq.mail.imap.port", Integer.toString(port)),
                    Map.entry("hq.mail.imap.username", COMPANY),
                    Map.entry("hq.mail.imap.password", "secret"),
                    Map.entry("hq.mail.imap.tls", "false"),
                    Map.entry("hq.mail.imap.every", "1s"),
                    Map.entry("hq.mail.imap.idle", "2s"),
                    Map.entry("hq.ingest.spool", mail.resolve("spool").toString()),
                    Map.entry("hq.ingest.resume-after", "2s"),
                    Map.entry("hq.ingest.sweep-every", "100ms"),
                    Map.entry("hq.ingest.first-pause", "100ms"),
                    Map.entry("hq.ingest.longest-pause", "500ms"),
                    Map.entry("hq.ingest.answer-within", "10s"),
                    Map.entry("hq.ingest.attempts", "3"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path mail() {
        return Path.of(System.getProperty("test.mail"));
    }

    @Override
    public void stop() {
        imap.stopService();
        server.stop();
    }
}
