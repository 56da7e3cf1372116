package org.capitania.servicekit;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.capitania.contract.Json;
import org.capitania.contract.Topics;
import org.jspecify.annotations.Nullable;

/**
 * One open transaction. Parameters are {@code $1…}: String, UUID, numbers, Boolean, OffsetDateTime, JsonObject or JsonArray, arrays,
 * {@link Buffer}. Any failed statement dooms the transaction.
 */
public final class Tx {
    private static final String APPEND = "SELECT outbox_append($1, $2, $3, $4::text::jsonb, $5) AS id";

    private final SqlConnection connection;
    private final Scope scope;
    private final List<Runnable> afterCommit = new ArrayList<>();
    /** Those nobody has waited for, in their order: where one fails, those after it fail for that. */
    private final Set<Future<?>> sent = new LinkedHashSet<>();

    private boolean failed;
    private boolean published;

    Tx(SqlConnection connection, Scope scope) {
        this.connection = connection;
        this.scope = scope;
    }

    public Scope scope() {
        return scope;
    }

    public RowSet<Row> query(String sql, @Nullable Object... args) {
        return await(send(sql, args));
    }

    /** Sends a statement without waiting for its rows, so that the next can follow; for {@link #await}. */
    public Future<RowSet<Row>> send(String sql, @Nullable Object... args) {
        Future<RowSet<Row>> statement = args.length == 0
                ? connection.query(sql).execute()
                : connection.preparedQuery(sql).execute(tuple(args));
        sent.add(statement);
        return statement;
    }

    /** Waits for what was sent and not waited for: a commit after a statement that failed is a rollback that says nothing. */
    void awaitAll() {
        List.copyOf(sent).forEach(this::await);
    }

    /** The first row, if there is one. */
    public Optional<Row> one(String sql, @Nullable Object... args) {
        var rows = query(sql, args).iterator();
        return rows.hasNext() ? Optional.of(rows.next()) : Optional.empty();
    }

    /** Asks for the first row without waiting, so that more can be asked for: the answer waits. */
    public Supplier<Optional<Row>> ask(String sql, @Nullable Object... args) {
        Future<RowSet<Row>> asked = send(sql, args);
        return () -> {
            var rows = await(asked).iterator();
            return rows.hasNext() ? Optional.of(rows.next()) : Optional.empty();
        };
    }

    /** The number of rows changed. */
    public int execute(String sql, @Nullable Object... args) {
        return query(sql, args).rowCount();
    }

    /** Sends a statement that nobody has to look at: the commit waits for it, and fails with it. */
    public void put(String sql, @Nullable Object... args) {
        var unused = send(sql, args);
    }

    public void batch(String sql, List<@Nullable Object[]> args) {
        if (!args.isEmpty()) {
            await(connection
                    .preparedQuery(sql)
                    .executeBatch(args.stream().map(Tx::tuple).toList()));
        }
    }

    /** Appends an event to the outbox of this transaction, before it is committed or never. The Kafka topic follows from the type. */
    public void publish(String type, String key, Object payload) {
        publishTo(Topics.of(type), type, key, payload);
    }

    /** The same to a named topic, for an agent's wakes and messages. */
    public void publishTo(String topic, String type, String key, Object payload) {
        publishTo(topic, type, key, null, payload);
    }

    /** The same with a CloudEvents subject. */
    public void publishTo(String topic, String type, String key, @Nullable String subject, Object payload) {
        published = true;
        put(APPEND, topic, type, key, Json.write(payload), subject);
    }

    /** The connection itself, for streams and cursors. */
    public SqlConnection raw() {
        return connection;
    }

    /** Waits for a statement sent through {@link #send} or {@link #raw()}. */
    public <T extends @Nullable Object> T await(Future<T> statement) {
        try {
            sent.remove(statement);
            return Sql.await(statement);
        } catch (RuntimeException e) {
            failed = true;
            throw e;
        }
    }

    /** Runs {@code bell} once the transaction is committed; never when it is rolled back. */
    public void afterCommit(Runnable bell) {
        afterCommit.add(bell);
    }

    boolean failed() {
        return failed;
    }

    boolean published() {
        return published;
    }

    void runAfterCommit() {
        afterCommit.forEach(Runnable::run);
    }

    static Tuple tuple(@Nullable Object[] args) {
        Tuple tuple = Tuple.tuple();
        for (Object arg : args) {
            tuple.addValue(arg);
        }
        return tuple;
    }
}
