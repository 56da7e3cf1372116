package org.capitania.watchdog.checks;

import io.vertx.sqlclient.Row;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Topics;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;
import org.capitania.watchdog.incidents.Tier;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Whether records that nobody could handle keep coming. The count is stored, so that growth during a restart is noticed. */
@ApplicationScoped
class DeadLetters implements Check {
    private static final String SEEN = "dead_letters";

    private final Sql sql;
    private final ChecksConfig config;
    private final Admin kafka;

    DeadLetters(Sql sql, ChecksConfig config, @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrap) {
        this.sql = sql;
        this.config = config;
        this.kafka = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                AdminClientConfig.CLIENT_ID_CONFIG,
                "watchdog-checks"));
    }

    @PreDestroy
    void close() {
        kafka.close(Duration.ofSeconds(2));
    }

    @Override
    public String name() {
        return "dead_letters";
    }

    @Override
    public Duration every() {
        return config.slow();
    }

    @Override
    public List<Finding> look(String tenant) {
        long total = total();
        return sql.tx(Scope.of(tenant, "system:watchdog", name()), tx -> look(tx, total));
    }

    private List<Finding> look(Tx tx, long total) {
        // A topic that was made anew has fewer records than were seen: that is no growth.
        tx.execute("""
                INSERT INTO observations AS o (name, value, changed_at) VALUES ($1, $2::bigint, CASE WHEN $2::bigint > 0 THEN clock_timestamp() ELSE '-infinity' END)
                ON CONFLICT (tenant_id, name) DO UPDATE SET value = EXCLUDED.value,
                    changed_at = CASE WHEN EXCLUDED.value > o.value THEN clock_timestamp() ELSE o.changed_at END
                """, SEEN, total);
        Row row = tx.query("""
                        SELECT changed_at > clock_timestamp() - ($2 * interval '1 millisecond') AS growing FROM observations WHERE name = $1
                        """, SEEN, config.deadLettersQuiet().toMillis())
                .iterator()
                .next();
        return row.getBoolean("growing")
                ? List.of(Finding.of(
                        "topic:" + Topics.DEAD_LETTER,
                        Tier.SOFT,
                        "records that could not be handled keep coming; there have been " + total))
                : List.of();
    }

    private long total() {
        Map<TopicPartition, OffsetSpec> ends = IntStream.range(0, Topics.PARTITIONS)
                .mapToObj(partition -> new TopicPartition(Topics.DEAD_LETTER, partition))
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        try {
            return kafka.listOffsets(ends).all().get(10, TimeUnit.SECONDS).values().stream()
                    .mapToLong(end -> end.offset())
                    .sum();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "interrupted while asking the broker", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "the broker does not answer: " + e, e);
        }
    }
}
