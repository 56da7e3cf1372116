package org.capitania.registry.ledger;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.embedding.Embedder;
import org.capitania.embedding.EmbeddingConfig;
import org.capitania.registry.ledger.ActionVectors.Entry;
import org.capitania.registry.ledger.ActionVectors.Vector;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tenants;

/** Gives the acts in the ledger their vectors, some time after they were done. Whoever makes vectors is asked only when there is an act. */
@ApplicationScoped
class EmbedActions {
    static final String LOOP = "embed-actions";

    private static final Duration EVERY = Duration.ofMinutes(1);
    /** Where nobody makes vectors, how long nobody looks again. */
    private static final Duration WITHOUT = Duration.ofMinutes(10);

    private static final int BATCH = 16;

    private final Sql sql;
    private final ActionVectors vectors;
    private final ActionText text;
    private final Embedder embedder;
    private final EmbeddingConfig.Provider provider;
    private volatile Instant notBefore = Instant.MIN;

    EmbedActions(Sql sql, ActionVectors vectors, ActionText text, Embedder embedder, EmbeddingConfig config) {
        this.sql = sql;
        this.vectors = vectors;
        this.text = text;
        this.embedder = embedder;
        this.provider = config.provider();
    }

    void start(@Observes StartupEvent event, Loops loops, Tenants tenants, Clock clock) {
        if (provider == EmbeddingConfig.Provider.NONE) {
            return;
        }
        loops.every(LOOP, EVERY, () -> {
            if (clock.instant().isBefore(notBefore)) {
                return;
            }
            try {
                tenants.each(this::embed);
            } catch (CapitaniaException e) {
                // The next round finds what is left.
                Log.debugf("acts not embedded code=%s why=%s", e.code().code(), e.detail());
                if (e.code() == ErrorCode.NOT_CONFIGURED) {
                    notBefore = clock.instant().plus(WITHOUT);
                }
            }
        });
    }

    /** Everything that has no vector yet; stops where none can be made, and what is done stays done. */
    void embed(String tenant) {
        Scope scope = Scope.of(tenant, "system:tool-registry", "vectors of acts");
        boolean more = true;
        while (more) {
            more = step(scope, BATCH);
        }
    }

    private boolean step(Scope scope, int limit) {
        List<Entry> entries = sql.tx(scope, tx -> vectors.next(tx, provider.model(), limit));
        if (entries.isEmpty()) {
            return false;
        }
        List<Vector> made;
        try {
            made = made(entries);
        } catch (CapitaniaException e) {
            if (e.code() != ErrorCode.PROVIDER_REJECTED) {
                throw e;
            }
            if (limit > 1) {
                // One text that is refused keeps no other from its vector.
                entries.forEach(entry -> step(scope, 1));
                return entries.size() == limit;
            }
            String call = entries.getFirst().callId();
            Log.warnf("an act gets no vector call=%s why=%s", call, e.detail());
            sql.run(scope, tx -> {
                vectors.setAside(tx, provider.model(), call, e.detail());
                vectors.keep(tx, provider.model(), entries.getLast().seq(), List.of());
            });
            return entries.size() == limit;
        }
        sql.run(
                scope,
                tx -> vectors.keep(tx, provider.model(), entries.getLast().seq(), made));
        return entries.size() == limit;
    }

    private List<Vector> made(List<Entry> entries) {
        Map<String, String> texts = new LinkedHashMap<>();
        entries.stream()
                .filter(Entry::wanted)
                .forEach(entry -> texts.putIfAbsent(entry.callId(), text.of(entry.body())));
        if (texts.isEmpty()) {
            return List.of();
        }
        List<List<Float>> numbers = embedder.texts(provider.model(), List.copyOf(texts.values()));
        List<Vector> made = new ArrayList<>();
        for (String call : texts.keySet()) {
            made.add(new Vector(call, numbers.get(made.size())));
        }
        return made;
    }
}
