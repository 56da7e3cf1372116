package org.capitania.registry.outside;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.capitania.servicekit.Tx;

/** The table {@code outside_tools}. */
@ApplicationScoped
class OutsideStore {

    /** Writes down what a server offers now. What is new or changed is quarantined, what is offered as it was pinned is trusted again, what is missing is gone. */
    void offer(Tx tx, String server, List<OfferedTool> offered) {
        for (OfferedTool tool : offered) {
            tx.execute(
                    """
                    INSERT INTO outside_tools AS t (tool, server, remote_name, offered, offered_hash)
                    VALUES ($1, $2, $3, $4::text::jsonb, $5)
                    ON CONFLICT (tenant_id, tool) DO UPDATE
                       SET offered = excluded.offered, offered_hash = excluded.offered_hash, offered_at = clock_timestamp(),
                           status = CASE WHEN t.status = 'blocked' THEN 'blocked'
                                         WHEN t.pinned_hash = excluded.offered_hash THEN 'trusted'
                                         ELSE 'quarantined' END
                    """,
                    tool.tool(),
                    server,
                    tool.remoteName(),
                    tool.definition().toString(),
                    tool.hash());
        }
        tx.execute(
                "UPDATE outside_tools SET status = 'gone' WHERE server = $1 AND NOT (tool = ANY ($2)) AND status <> 'blocked'",
                server,
                offered.stream().map(OfferedTool::tool).toArray(String[]::new));
    }

    Optional<OutsideTool> find(Tx tx, String tool) {
        return tx.one("SELECT " + OutsideTool.COLUMNS + " FROM outside_tools WHERE tool = $1", tool)
                .map(OutsideTool::read);
    }

    List<OutsideTool> all(Tx tx) {
        List<OutsideTool> all = new ArrayList<>();
        tx.query("SELECT " + OutsideTool.COLUMNS + " FROM outside_tools ORDER BY tool")
                .forEach(row -> all.add(OutsideTool.read(row)));
        return all;
    }

    /** The names alone: this is asked at each call of an agent. */
    Set<String> granted(Tx tx, String role) {
        Set<String> names = new TreeSet<>();
        tx.query("SELECT tool FROM outside_tools WHERE status = 'trusted' AND $1 = ANY (agents)", role)
                .forEach(row -> names.add(row.getString("tool")));
        return names;
    }

    /** Pins what the owner looked at; false when something else is offered by now. */
    boolean trust(Tx tx, String tool, String hash, boolean reads, List<String> agents, String by) {
        return tx.execute("""
                        UPDATE outside_tools
                           SET pinned = offered, pinned_hash = offered_hash, class = $3, agents = $4, trusted_by = $5,
                               trusted_at = clock_timestamp(), status = 'trusted'
                         WHERE tool = $1 AND offered_hash = $2
                        """, tool, hash, reads ? "read" : "gated", agents.toArray(String[]::new), by) == 1;
    }

    boolean block(Tx tx, String tool) {
        return tx.execute("UPDATE outside_tools SET status = 'blocked' WHERE tool = $1", tool) == 1;
    }
}
