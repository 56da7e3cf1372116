package org.capitania.registry.models;

import io.quarkus.logging.Log;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.BudgetStanding.Hold;
import org.capitania.contract.event.ReviewRequested;
import org.capitania.registry.reviews.Reviews;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;

/**
 * Providers that have no key of ours or refuse it: whoever uses no other is held, one review says so, and it goes on once a probe that
 * costs nothing gets through.
 */
@ApplicationScoped
class KeyRefusals {
    private static final Set<ErrorCode> CODES = Set.of(ErrorCode.PROVIDER_REJECTED, ErrorCode.NOT_CONFIGURED);

    private final Sql sql;
    private final Clock clock;
    private final ModelsConfig config;
    private final SignIns signIns;
    private final KeyProbe probe;
    private final Reviews reviews;

    KeyRefusals(Sql sql, Clock clock, ModelsConfig config, SignIns signIns, KeyProbe probe, Reviews reviews) {
        this.sql = sql;
        this.clock = clock;
        this.config = config;
        this.signIns = signIns;
        this.probe = probe;
        this.reviews = reviews;
    }

    /** Notes it when that is why a call was refused. */
    void note(Tx tx, String role, String provider, CapitaniaException why) {
        if (!CODES.contains(why.code())) {
            return;
        }
        tx.query("SELECT pg_advisory_xact_lock(hashtextextended(current_tenant() || ':provider:' || $1, 4))", provider);
        Optional<Row> known = tx.one("SELECT subject FROM provider_refusals WHERE provider = $1 LIMIT 1", provider);
        String subject = known.map(row -> row.getString("subject"))
                .orElseGet(() -> "provider:" + provider + ":" + LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
        tx.execute("""
                INSERT INTO provider_refusals (agent, provider, code, reason, subject) VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (tenant_id, agent, provider) DO UPDATE SET code = $3, reason = $4
                """, role, provider, why.code().code(), why.detail(), subject);
        if (known.isEmpty()) {
            reviews.request(
                    tx,
                    new ReviewRequested(
                            subject,
                            "provider",
                            "No model of " + provider + " can be asked",
                            why.detail() + (why.hint() == null ? "" : ". " + why.hint())
                                    + ". Agents that use no other provider wait, nothing is lost, and they go on by themselves once it works."));
        }
    }

    /** The provider refused the key of a call. */
    void refused(Scope scope, String role, String provider, CapitaniaException why) {
        sql.run(scope, tx -> note(tx, role, provider, why));
    }

    /** The provider took a call of the role. */
    void worked(Tx tx, String role, String provider) {
        over(
                tx,
                tx.query(
                        "DELETE FROM provider_refusals WHERE agent = $1 AND provider = $2 RETURNING subject",
                        role,
                        provider));
    }

    /** Tries the providers that the role waits for, at most as often as {@link SignIns} lets a call through. No transaction is open. */
    void probe(Scope scope, String role) {
        Set<String> waitedFor = sql.read(scope, tx -> {
            Set<String> providers = new LinkedHashSet<>();
            tx.query("SELECT provider FROM provider_refusals WHERE agent = $1 ORDER BY provider", role)
                    .forEach(row -> providers.add(row.getString("provider")));
            return providers;
        });
        for (String name : waitedFor) {
            if (usable(name)) {
                Log.infof("a model provider can be asked again provider=%s tenant=%s", name, scope.tenant());
                sql.run(
                        scope,
                        tx -> over(
                                tx,
                                tx.query("DELETE FROM provider_refusals WHERE provider = $1 RETURNING subject", name)));
            }
        }
    }

    private boolean usable(String name) {
        try {
            Provider provider = Provider.of(name, config);
            return signIns.notBefore(provider).isEmpty() && probe.takesOurKey(provider);
        } catch (CapitaniaException e) {
            return false;
        }
    }

    /** Why the role waits: every provider it has used lately is one that takes no call of ours. */
    Optional<Hold> hold(Tx tx, String role) {
        return tx.one("""
                        SELECT string_agg(reason, '; ' ORDER BY provider) AS reasons, min(code) AS code FROM provider_refusals
                         WHERE agent = $1
                        HAVING count(*) > 0 AND NOT EXISTS (
                            SELECT 1 FROM model_reservations m
                             WHERE m.agent = $1 AND m.opened_at > (SELECT max(since) FROM provider_refusals WHERE agent = $1) - interval '1 hour'
                               AND m.provider NOT IN (SELECT provider FROM provider_refusals WHERE agent = $1))
                        """, role).map(row -> new Hold(row.getString("code"), row.getString("reasons"), null));
    }

    private void over(Tx tx, Iterable<Row> deleted) {
        for (Row row : deleted) {
            String subject = row.getString("subject");
            if (tx.one("SELECT 1 FROM provider_refusals WHERE subject = $1", subject)
                    .isEmpty()) {
                reviews.over(tx, subject, "the provider takes our key");
            }
        }
    }
}
