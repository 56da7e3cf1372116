package org.capitania.ingest.inbox;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorType;
import org.capitania.ingest.intake.Origin;
import org.capitania.ingest.intake.OwnAddresses;
import org.capitania.ingest.intake.TakeEmail;
import org.capitania.ingest.worker.WorkerBoard;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Tenants;
import org.jspecify.annotations.Nullable;

/** Takes the mails that are dropped into a directory; a file is moved on once its mail is kept, so that a crash repeats it and loses nothing. */
@ApplicationScoped
class InboxWatcher {
    static final String WORKER = "mail_inbox";

    private final InboxConfig config;
    private final TakeEmail take;
    private final OwnAddresses own;
    private final Tenants tenants;
    private final WorkerBoard board;
    private final Loops loops;
    private @Nullable FileLock lock;

    InboxWatcher(
            InboxConfig config, TakeEmail take, OwnAddresses own, Tenants tenants, WorkerBoard board, Loops loops) {
        this.config = config;
        this.take = take;
        this.own = own;
        this.tenants = tenants;
        this.board = board;
        this.loops = loops;
    }

    void start(@Observes StartupEvent event) {
        if (config.inbox().isEmpty()) {
            board.announce(WORKER, false, "set hq.mail.inbox to a directory");
            return;
        }
        MailDirectory directory = new MailDirectory(config.inbox().get());
        directory.create();
        board.announce(WORKER, true, "watches " + config.inbox().get());
        loops.every(WORKER, config.inboxEvery(), () -> look(directory));
    }

    private void look(MailDirectory directory) {
        if (lock == null) {
            lock = directory.lock();
        }
        if (lock == null) {
            // Another process of this service watches it; when it ends, we do.
            return;
        }
        try {
            List<Path> claimed = directory.claim();
            claimed.forEach(file -> handle(directory, file));
            board.ran(WORKER, claimed.size());
        } catch (RuntimeException e) {
            board.failed(WORKER, String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private void handle(MailDirectory directory, Path file) {
        Origin origin = new Origin(tenants.ids().getFirst(), "inbox:" + file.getFileName(), own.mailbox());
        try (InputStream in = Files.newInputStream(file)) {
            take.take(origin, in);
        } catch (CapitaniaException e) {
            if (e.code().type() != ErrorType.INVALID) {
                throw e;
            }
            Log.infof(
                    "a file was rejected file=%s code=%s",
                    file.getFileName(), e.code().code());
            directory.rejected(file, e.code().code() + ": " + e.detail());
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        directory.processed(file);
    }
}
