package org.capitania.ingest.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.capitania.contract.Json;
import org.capitania.contract.api.WorkerView;
import org.capitania.contract.event.EmailReceived;
import org.capitania.ingest.IngestScenario;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A mailbox at a provider, against GreenMail. */
@QuarkusTest
class ImapIT extends IngestScenario {
    private static final String COMPANY = "ola@atelierframa.example";
    private static final String MAILBOX = COMPANY + "@127.0.0.1/INBOX";

    @Inject
    CursorStore cursors;

    /** Set by {@code MailSources}. */
    @Nullable
    Consumer<Boolean> imapServerRuns;

    @Test
    void shouldTakeEachMailOnceWhenTheMailboxFills() throws Exception {
        // Given a worker that has looked once
        Scope scope = Scope.of("main", "worker:email_ingest", "test");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> cursors.find(scope, MAILBOX).isPresent());

        // When mails arrive, one while the server is told to wait (IDLE), others together
        deliver("first");
        awaitTold(id("first"));
        deliver("second");
        deliver("third");

        // Then
        awaitTold(id("second"));
        awaitTold(id("third"));
        assertThat(find(id("third")).source()).startsWith("imap:INBOX/");
        assertThat(told(EmailReceived.TYPE, id("first"))).hasSize(1);

        // and when the server numbers its messages anew, nothing is taken twice
        CursorStore.Cursor before = cursors.find(scope, MAILBOX).orElseThrow();
        cursors.put(scope, MAILBOX, before.uidValidity() + 1, 1);
        deliver("fourth");
        awaitTold(id("fourth"));
        assertThat(cursors.find(scope, MAILBOX).orElseThrow().uidValidity()).isEqualTo(before.uidValidity());
        assertThat(told(EmailReceived.TYPE, id("first"))).hasSize(1);
        assertThat(find(id("first")).duplicates()).isEqualTo(1);
    }

    @Test
    void shouldLoseNothingAndTakeNothingTwiceWhenTheServerRestarts() throws Exception {
        // Given a worker that waits for mail, and has taken one
        deliver("before");
        awaitTold(id("before"));

        // When the server goes away, takes mail meanwhile, and comes back
        Objects.requireNonNull(imapServerRuns).accept(false);
        await().atMost(Duration.ofSeconds(20)).until(() -> worker().lastError() != null);
        deliver("meanwhile");
        Objects.requireNonNull(imapServerRuns).accept(true);
        deliver("after");

        // Then
        awaitTold(id("meanwhile"));
        awaitTold(id("after"));
        for (String name : List.of("before", "meanwhile", "after")) {
            assertThat(told(EmailReceived.TYPE, id(name))).hasSize(1);
            assertThat(find(id(name)).duplicates()).isZero();
        }
    }

    private static WorkerView worker() {
        return Json.read(as("user:owner").get("/v1/workers").asByteArray(), WorkerView.Page.class).items().stream()
                .filter(w -> w.name().equals("mail_imap"))
                .findFirst()
                .orElseThrow();
    }

    private void deliver(String name) throws Exception {
        ServerSetup smtp =
                new ServerSetup(Integer.getInteger("test.smtp.port"), "127.0.0.1", ServerSetup.PROTOCOL_SMTP);
        Session session = GreenMailUtil.getSession(smtp);
        MimeMessage message = new MimeMessage(session, new ByteArrayInputStream(mail(name)));
        // Not Transport.send, which gives the message another Message-ID.
        try (Transport transport = session.getTransport("smtp")) {
            transport.connect();
            transport.sendMessage(message, InternetAddress.parse(COMPANY));
        }
    }
}
