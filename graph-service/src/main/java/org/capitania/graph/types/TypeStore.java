package org.capitania.graph.types;

import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.graph.ExactJson;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;

/** What tenants have defined; a definition is never changed, a later one takes its place. */
@ApplicationScoped
class TypeStore {
    private static final String CURRENT = """
            SELECT t.kind, t.name, t.revision, t.schema::text AS schema
              FROM (SELECT DISTINCT ON (kind, name) kind, name, revision, schema FROM types ORDER BY kind, name, revision DESC) AS t
             ORDER BY t.revision
            """;
    private static final String ADD = """
            INSERT INTO types (kind, name, revision, schema, actor) VALUES ($1, $2, $3, $4::text::jsonb, $5)
            """;

    private final Sql sql;

    TypeStore(Sql sql) {
        this.sql = sql;
    }

    /** A tenant's definitions, in the order they were made, and the revision they are at. */
    record Own(List<TypeDefinition> definitions, long revision) {}

    Own read(Scope scope) {
        return sql.tx(scope, tx -> {
            List<TypeDefinition> all = new ArrayList<>();
            long revision = 0;
            for (Row row : tx.query(CURRENT)) {
                all.add(new TypeDefinition(
                        TypeDefinition.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                        row.getString("name"),
                        ExactJson.object(row.getString("schema"))));
                revision = Math.max(revision, row.getLong("revision"));
            }
            return new Own(all, revision);
        });
    }

    /** Adds a definition that was checked against the revision before its own. */
    void add(Scope scope, TypeDefinition definition, long revision) {
        try {
            sql.run(
                    scope,
                    tx -> tx.execute(
                            ADD,
                            definition.kind().wireName(),
                            definition.name(),
                            revision,
                            Json.write(definition.schema()),
                            scope.actor()));
        } catch (PgException e) {
            if ("23505".equals(e.getSqlState())) {
                throw new CapitaniaException(
                        ErrorCode.VERSION_CONFLICT,
                        "the types have changed meanwhile; read them again, then decide",
                        e);
            }
            throw e;
        }
    }
}
