package org.capitania.graph.semantic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.graph.GraphApi.OWNER;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.UUID;
import org.capitania.contract.api.MutationResult.OpResult;
import org.capitania.contract.event.TemperatureChanged;
import org.capitania.graph.DirectSql;
import org.capitania.testkit.TestPostgres;

/** A refresh of the projection that finds a customer in another band than the refresh before. */
record WarmthCause() implements Cause {
    @Override
    public Told happen() throws SQLException {
        OpResult entity = becomesHot();
        assertThat(refresh()).isEqualTo(200);
        UUID id = UUID.fromString(entity.id());
        BigDecimal warmth;
        try (DirectSql direct = DirectSql.as("graph", "main")) {
            warmth = (BigDecimal) direct.query("SELECT warmth FROM entity_health WHERE entity_id = ?", id);
        }
        return new Told(
                entity.id(),
                entity.id(),
                null,
                new TemperatureChanged(entity.id(), entity.slug(), "cold", "hot", warmth),
                Cause.text("SELECT xmin::text FROM entity_health WHERE entity_id = ?", id));
    }

    /** When it was refreshed is written last, in the same transaction; here it cannot be. */
    @Override
    public String fail() throws SQLException {
        OpResult entity = becomesHot();
        try (Connection admin = TestPostgres.shared().connect();
                Statement statement = admin.createStatement()) {
            statement.execute("ALTER TABLE graph.projections ADD CONSTRAINT may_not_end CHECK (rows = 0) NOT VALID");
            try {
                assertThat(refresh()).isGreaterThanOrEqualTo(500);
            } finally {
                statement.execute("ALTER TABLE graph.projections DROP CONSTRAINT may_not_end");
            }
        }
        return entity.id();
    }

    private static OpResult becomesHot() {
        var made = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "e", "type": "entity", "props": {"name": "Olaria"}},
                         {"op": "create", "ref": "c", "type": "contact", "props": {"name": "Rosa"}},
                         {"op": "create", "ref": "g", "type": "engagement", "status": "delivery", "props": {"name": "Shop"}},
                         {"op": "link", "type": "covers", "from": "@g", "to": "@e"},
                         {"op": "link", "type": "works_for", "from": "@c", "to": "@e"}]}""");
        assertThat(refresh()).isEqualTo(200);
        for (int i = 0; i < 10; i++) {
            OWNER.mutate("""
                    {"ops": [{"op": "create", "ref": "i", "type": "interaction", "occurred_at": "%s", "props": {"channel": "email", "direction": "in", "sentiment": 1.0}},
                             {"op": "link", "type": "from", "from": "@i", "to": "%s"}]}""", Instant.now(), made.byRef("c").id());
        }
        return made.byRef("e");
    }

    private static int refresh() {
        return OWNER.request().post("/v1/projections/health_per_entity/refresh").statusCode();
    }
}
