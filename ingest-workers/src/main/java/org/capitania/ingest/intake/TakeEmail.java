package org.capitania.ingest.intake;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;

/** Takes a mail of which nobody awaits the ids: it is kept when this returns, and linked at once or by the sweeper. */
@ApplicationScoped
public class TakeEmail {
    private final ReceiveEmail receive;
    private final LinkEmail link;

    TakeEmail(ReceiveEmail receive, LinkEmail link) {
        this.receive = receive;
        this.link = link;
    }

    /** Refuses as {@link ReceiveEmail#receive} does. */
    public void take(Origin origin, InputStream body) throws IOException {
        ReceiveEmail.Kept kept = receive.receive(origin, body);
        if (kept.duplicate()) {
            return;
        }
        try {
            link.attempt(origin.tenant(), kept.id());
        } catch (RuntimeException e) {
            // The attempt is noted with the mail and the sweeper repeats it; what was asked here is done.
            Log.debugf(e, "a mail is kept and not yet linked email=%s", kept.id());
        }
    }
}
