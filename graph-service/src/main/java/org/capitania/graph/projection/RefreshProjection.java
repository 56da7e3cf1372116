package org.capitania.graph.projection;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.capitania.contract.api.Projection;
import org.capitania.contract.event.TemperatureChanged;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** Brings a projection up to date in one transaction: readers see the old rows until its commit, and wait for nothing. */
@ApplicationScoped
class RefreshProjection {
    private final Sql sql;
    private final ProjectionSettings settings;

    RefreshProjection(Sql sql, ProjectionSettings settings) {
        this.sql = sql;
        this.settings = settings;
    }

    Projection.Refreshed now(Scope scope, ProjectionTable projection) {
        return sql.tx(scope, tx -> {
            lock(tx, projection);
            return refresh(tx, projection);
        });
    }

    /** Refreshes it unless somebody has done so lately: of two replicas that find it old, one does it. */
    Optional<Projection.Refreshed> ifOlderThan(Scope scope, ProjectionTable projection, Duration age, Instant now) {
        return sql.tx(
                scope,
                tx -> lock(tx, projection).isAfter(now.minus(age))
                        ? Optional.empty()
                        : Optional.of(refresh(tx, projection)));
    }

    private static Instant lock(Tx tx, ProjectionTable projection) {
        tx.execute(
                "INSERT INTO projections (name, refreshed_at, rows, changed) VALUES ($1, 'epoch', 0, 0) ON CONFLICT DO NOTHING",
                projection.wireName());
        return Times.instant(
                tx.one("SELECT refreshed_at FROM projections WHERE name = $1 FOR UPDATE", projection.wireName())
                        .orElseThrow(),
                "refreshed_at");
    }

    private Projection.Refreshed refresh(Tx tx, ProjectionTable projection) {
        boolean health = projection == ProjectionTable.HEALTH_PER_ENTITY;
        Map<UUID, String> before = health ? temperatures(tx) : Map.of();
        Row counts = tx.one(projection.refresh, settings.json()).orElseThrow();
        if (health) {
            tellOfChanges(tx, before);
        }
        Row done = tx.one("""
                        UPDATE projections SET refreshed_at = clock_timestamp(), rows = $2, changed = $3 WHERE name = $1
                        RETURNING refreshed_at
                        """, projection.wireName(), counts.getLong("rows"), counts.getLong("changed"))
                .orElseThrow();
        return new Projection.Refreshed(
                projection.wireName(), at(done), counts.getLong("rows"), counts.getLong("changed"));
    }

    private static Map<UUID, String> temperatures(Tx tx) {
        Map<UUID, String> all = new HashMap<>();
        for (Row row : tx.query("SELECT entity_id, temperature FROM entity_health")) {
            all.put(row.getUUID("entity_id"), row.getString("temperature"));
        }
        return all;
    }

    /** An entity that is new to the projection has not changed: there is nothing it was before. */
    private static void tellOfChanges(Tx tx, Map<UUID, String> before) {
        for (Row row : tx.query("""
                SELECT h.entity_id, h.temperature, h.warmth, n.slug FROM entity_health AS h JOIN v_nodes AS n ON n.id = h.entity_id
                """)) {
            String was = before.get(row.getUUID("entity_id"));
            String is = row.getString("temperature");
            if (was != null && !was.equals(is)) {
                String id = row.getUUID("entity_id").toString();
                tx.publish(
                        TemperatureChanged.TYPE,
                        id,
                        new TemperatureChanged(id, row.getString("slug"), was, is, row.getBigDecimal("warmth")));
            }
        }
    }

    private static @Nullable Instant at(Row row) {
        return Times.instantOrNull(row, "refreshed_at");
    }
}
