package org.capitania.graph.node;

import io.vertx.sqlclient.Row;
import java.time.Instant;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** The time from which on a company's history is whole: what is older it has chosen not to keep. */
public final class Horizon {
    private Horizon() {}

    /** Null: history is whole. It does not move before the transaction ends. */
    public static @Nullable Instant of(Tx tx) {
        return read(tx.one("SELECT history_known_since() AS known_since").orElseThrow());
    }

    static @Nullable Instant read(Row row) {
        return Times.instantOrNull(row, "known_since");
    }

    /** The answer to whoever asks for what is no longer kept. */
    public static CapitaniaException removed(Instant since, String what) {
        return new CapitaniaException(
                        ErrorCode.HISTORY_REMOVED,
                        what + " is no longer known: the company keeps its history since " + since
                                + ", and has removed what is older")
                .withHint("ask for a time from " + since
                        + " on; what was true earlier, as known now, is asked with valid_at");
    }
}
