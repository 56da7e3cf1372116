package org.capitania.registry.curation;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** The table {@code grants}: tools that agents asked for and the owner gave; a row is only ever added to by its end. */
@ApplicationScoped
public class Grants {

    /** One that stands. */
    public record Grant(String id, String agent, String tool, String reason, String grantedBy, Instant grantedAt) {}

    /** The tools that a role was given beside what its workspace asks for. */
    Set<String> tools(Tx tx, String role) {
        Set<String> tools = new LinkedHashSet<>();
        standing(tx, role).forEach(grant -> tools.add(grant.tool()));
        return tools;
    }

    /** Those that stand, the oldest first; of all roles when none is named. */
    public List<Grant> standing(Tx tx, @Nullable String role) {
        List<Grant> all = new ArrayList<>();
        tx.query("""
                        SELECT grant_id, role, tool, reason, granted_by, granted_at FROM grants
                         WHERE revoked_at IS NULL AND ($1::text IS NULL OR role = $1) ORDER BY granted_at, grant_id
                        """, role)
                .forEach(row -> all.add(new Grant(
                        row.getString("grant_id"),
                        row.getString("role"),
                        row.getString("tool"),
                        row.getString("reason"),
                        row.getString("granted_by"),
                        Times.instant(row, "granted_at"))));
        return all;
    }

    /** How often a role was ever given a tool: what makes the next request another one. */
    long ever(Tx tx, String role, String tool) {
        return tx.one("SELECT count(*) AS n FROM grants WHERE role = $1 AND tool = $2", role, tool)
                .map(row -> row.getLong("n"))
                .orElse(0L);
    }

    /** The same id again is the grant it was. */
    void grant(Tx tx, String id, String role, String tool, String reason, String by) {
        tx.execute("""
                INSERT INTO grants (grant_id, role, tool, reason, granted_by) VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT DO NOTHING
                """, id, role, tool, reason, by);
    }

    /** Ends what a role was given of a tool; how many stood. */
    public int revoke(Tx tx, String role, String tool) {
        return tx.execute("""
                UPDATE grants SET revoked_at = clock_timestamp(), revoked_by = $3
                 WHERE role = $1 AND tool = $2 AND revoked_at IS NULL
                """, role, tool, tx.scope().actor());
    }
}
