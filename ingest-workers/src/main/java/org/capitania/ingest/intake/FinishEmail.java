package org.capitania.ingest.intake;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;

/** Waits, for a caller, until a kept mail is stored. */
@ApplicationScoped
class FinishEmail {
    private final LinkEmail link;
    private final Landings landings;
    private final IntakeConfig config;

    FinishEmail(LinkEmail link, Landings landings, IntakeConfig config) {
        this.link = link;
        this.landings = landings;
        this.config = config;
    }

    /** The stored mail; {@code PEER_UNAVAILABLE} when it is kept but not yet in the graph. */
    EmailRow await(String tenant, ReceiveEmail.Kept kept) {
        UUID id = kept.id();
        CompletableFuture<EmailRow> landing = landings.listen(id);
        EmailRow now;
        try {
            now = link.attempt(tenant, id);
        } catch (RuntimeException e) {
            // It is kept: whatever this was, the sweeper tries again.
            now = Landings.await(landing, config.answerWithin()).orElseThrow(() -> later(id, e));
        } finally {
            landings.leave(id, landing);
        }
        if (now.status() != EmailStatus.STORED) {
            throw new CapitaniaException(
                    ErrorCode.INTERNAL,
                    "the mail is kept as " + id + " but could not be brought into the graph: " + now.lastError());
        }
        return now;
    }

    private static CapitaniaException later(UUID id, RuntimeException why) {
        return new CapitaniaException(
                        ErrorCode.PEER_UNAVAILABLE,
                        "the mail is kept as " + id + " and will be linked as soon as it can be: " + why.getMessage())
                .withHint("nothing is lost; handing it in again is harmless and answers with the same ids");
    }
}
