package org.capitania.ingest.imap;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.UIDFolder;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.ErrorType;
import org.capitania.ingest.intake.Origin;
import org.capitania.ingest.intake.ReceiveEmail;
import org.capitania.ingest.intake.TakeEmail;
import org.capitania.ingest.worker.WorkerBoard;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Tenants;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.IMAPMessage;

/** Reads a mailbox as it fills: a cursor of UIDs says how far, IDLE says when there is more, and every round begins with a look. */
@ApplicationScoped
class ImapWorker {
    static final String WORKER = "mail_imap";

    private final ImapConfig config;
    private final CursorStore cursors;
    private final TakeEmail take;
    private final Tenants tenants;
    private final WorkerBoard board;
    private final Loops loops;

    ImapWorker(
            ImapConfig config, CursorStore cursors, TakeEmail take, Tenants tenants, WorkerBoard board, Loops loops) {
        this.config = config;
        this.cursors = cursors;
        this.take = take;
        this.tenants = tenants;
        this.board = board;
        this.loops = loops;
    }

    void start(@Observes StartupEvent event) {
        if (config.host().isEmpty()) {
            board.announce(WORKER, false, "set hq.mail.imap.host, username and password");
            return;
        }
        board.announce(WORKER, true, "reads " + mailbox());
        loops.every(WORKER, config.every(), this::round);
    }

    private String mailbox() {
        return config.username().orElse("") + "@" + config.host().orElse("") + "/" + config.folder();
    }

    /** One connection: look, then wait for more and look again, until it breaks or the server has no IDLE. */
    private void round() {
        try (ImapConnection connection = ImapConnection.open(config)) {
            IMAPFolder folder = connection.folder();
            do {
                int seen;
                do {
                    seen = connection.messages();
                    board.ran(WORKER, read(folder));
                    // What came meanwhile was told in the answer to some command, and is not told again in an IDLE.
                } while (connection.messages() > seen);
            } while (connection.awaitMore(config.idle()));
        } catch (MessagingException | IOException e) {
            board.failed(WORKER, String.valueOf(e.getMessage()));
            throw new CapitaniaException(
                    ErrorCode.PEER_UNAVAILABLE, "the mailbox " + mailbox() + " cannot be read: " + e.getMessage(), e);
        }
    }

    private int read(IMAPFolder folder) throws MessagingException, IOException {
        Scope scope = Scope.of(tenants.ids().getFirst(), ReceiveEmail.ACTOR, "reading " + config.folder());
        long validity = folder.getUIDValidity();
        Optional<CursorStore.Cursor> cursor = cursors.find(scope, mailbox());
        long next = 1;
        Instant notBefore = Instant.EPOCH;
        if (cursor.isEmpty() && !config.backfill()) {
            next = end(folder);
            cursors.put(scope, mailbox(), validity, next);
        } else if (cursor.isPresent() && cursor.get().uidValidity() == validity) {
            next = cursor.get().nextUid();
        } else if (cursor.isPresent()) {
            // The server numbered everything anew: what came before the last look was taken, or was never wanted.
            notBefore = cursor.get().at().minus(Duration.ofDays(1));
        }
        int taken = 0;
        for (Message message : folder.getMessagesByUID(next, UIDFolder.LASTUID)) {
            long uid = folder.getUID(message);
            // A range that ends in "last" always has the last message in it, also one that was read.
            if (uid < next) {
                continue;
            }
            Date arrived = message.getReceivedDate();
            if (arrived == null || !arrived.toInstant().isBefore(notBefore)) {
                take((IMAPMessage) message, uid);
                taken++;
            }
            cursors.put(scope, mailbox(), validity, uid + 1);
        }
        return taken;
    }

    /** The UID after the last message; not every server tells the next one. */
    private static long end(IMAPFolder folder) throws MessagingException {
        long next = folder.getUIDNext();
        int count = folder.getMessageCount();
        return next > 0 ? next : count == 0 ? 1 : folder.getUID(folder.getMessage(count)) + 1;
    }

    private void take(IMAPMessage message, long uid) throws MessagingException, IOException {
        Origin origin = new Origin(
                tenants.ids().getFirst(),
                "imap:" + config.folder() + "/" + uid,
                config.username().orElse(config.folder()));
        try (InputStream in = message.getMimeStream()) {
            take.take(origin, in);
        } catch (CapitaniaException e) {
            if (e.code().type() != ErrorType.INVALID) {
                throw e;
            }
            Log.infof(
                    "a message was refused source=%s code=%s",
                    origin.source(), e.code().code());
        }
    }
}
