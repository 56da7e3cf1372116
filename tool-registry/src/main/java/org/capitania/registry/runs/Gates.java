package org.capitania.registry.runs;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.function.Supplier;
import org.capitania.contract.ErrorCode;
import org.capitania.servicekit.Tx;

/** Gates closed before an agent. A closed gate stays closed across restarts. */
@ApplicationScoped
public class Gates {
    /** A closed gate. */
    public record Closed(ErrorCode code, String reason) {}

    /** The gate that stands before a role, if one does. */
    public Optional<Closed> before(Tx tx, String role) {
        return ask(tx, role).get();
    }

    /** The same, sent now; the answer waits. */
    public Supplier<Optional<Closed>> ask(Tx tx, String role) {
        Supplier<Optional<Row>> asked = tx.ask("""
                SELECT code, reason FROM agent_gates WHERE role = $1 ORDER BY closed_at LIMIT 1
                """, role);
        return () -> asked.get()
                .map(row -> new Closed(
                        ErrorCode.fromCode(row.getString("code")).orElse(ErrorCode.AGENT_PAUSED),
                        row.getString("reason")));
    }

    /** Closes the gate of a role. */
    public void close(Tx tx, String role, ErrorCode code, String reason) {
        tx.execute("""
                INSERT INTO agent_gates (role, code, reason) VALUES ($1, $2, $3)
                ON CONFLICT (tenant_id, role, code) DO UPDATE SET reason = excluded.reason
                """, role, code.code(), reason);
    }

    /** Opens the gate of a role that was closed for this cause. */
    public void open(Tx tx, String role, ErrorCode code) {
        tx.execute("DELETE FROM agent_gates WHERE role = $1 AND code = $2", role, code.code());
    }
}
