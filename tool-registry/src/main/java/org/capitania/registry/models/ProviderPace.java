package org.capitania.registry.models;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/**
 * The pace a provider asks for (429, or Retry-After with an overload), shared by all agents: until it is over no call of anybody goes
 * there, and each is told when to come back. Without a figure of the provider's it is 1 s, doubled with each time until one is answered.
 */
@ApplicationScoped
class ProviderPace {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    /** Empty when the provider may be asked; sent now, the answer waits. */
    Supplier<Optional<CapitaniaException>> refusal(Tx tx, String provider) {
        Supplier<Optional<Row>> asked = tx.ask(
                "SELECT extract(epoch FROM not_before - clock_timestamp())::float8 AS s FROM provider_pace WHERE provider = $1 AND not_before > clock_timestamp()",
                provider);
        return () -> asked.get()
                .map(row -> Duration.ofMillis((long) (1000 * row.getDouble("s")) + 1))
                .map(pause -> new CapitaniaException(
                                ErrorCode.RATE_LIMITED,
                                provider + " asked for patience; it is asked again in " + (pause.toSeconds() + 1)
                                        + " s")
                        .withRetryAfter(pause));
    }

    /**
     * Notes what an answer says about the pace.
     *
     * @param asked the provider's Retry-After
     */
    void heard(Tx tx, String provider, int status, @Nullable Duration asked) {
        if (status == 429 || (asked != null && (status == 503 || status == 529))) {
            slower(tx, provider, asked);
        } else if (status < 400) {
            // An answer to a call that went out before it asked says nothing.
            tx.put("DELETE FROM provider_pace WHERE provider = $1 AND not_before <= clock_timestamp()", provider);
        }
    }

    private static void slower(Tx tx, String provider, @Nullable Duration asked) {
        // Many calls that were under way are one strike.
        int strikes = tx.one("""
                        INSERT INTO provider_pace (provider, strikes, not_before) VALUES ($1, 1, clock_timestamp())
                        ON CONFLICT (tenant_id, provider) DO UPDATE
                           SET strikes = provider_pace.strikes + CASE WHEN provider_pace.not_before <= clock_timestamp() THEN 1 ELSE 0 END
                        RETURNING strikes
                        """, provider).orElseThrow().getInteger("strikes");
        tx.execute(
                "UPDATE provider_pace SET not_before = greatest(not_before, clock_timestamp() + $2::bigint * interval '1 millisecond') WHERE provider = $1",
                provider,
                pause(strikes, asked).toMillis());
    }

    static Duration pause(int strikes, @Nullable Duration asked) {
        Duration doubled = FIRST.multipliedBy(1L << Math.clamp(strikes - 1, 0, 20));
        Duration own = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
        return asked != null && asked.compareTo(own) > 0 ? asked : own;
    }
}
