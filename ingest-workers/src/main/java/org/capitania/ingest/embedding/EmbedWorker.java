package org.capitania.ingest.embedding;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.Embeddings;
import org.capitania.embedding.Embedder;
import org.capitania.embedding.EmbeddingConfig;
import org.capitania.graphclient.GraphClient;
import org.capitania.ingest.worker.WorkerBoard;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Tenants;

/**
 * Embeds what graph-service hands out, until it hands out nothing; for the configured model, and for the one that answers queries until
 * that is complete. Whoever makes the vectors is asked only when there is a text.
 */
@ApplicationScoped
public class EmbedWorker {
    /** The name of the worker and of its loop. */
    public static final String NAME = "embed_worker";

    private static final String ACTOR = "worker:" + NAME;
    private static final PeerOptions AS_WORKER = PeerOptions.DEFAULT.signedAs(ACTOR);

    private final GraphClient graph;
    private final Embedder embedder;
    private final EmbeddingConfig embedding;
    private final EmbedConfig config;
    private final WorkerBoard board;
    private final Tenants tenants;
    private final Clock clock;
    private volatile Instant notBefore = Instant.MIN;

    EmbedWorker(
            GraphClient graph,
            Embedder embedder,
            EmbeddingConfig embedding,
            EmbedConfig config,
            WorkerBoard board,
            Tenants tenants,
            Clock clock) {
        this.graph = graph;
        this.embedder = embedder;
        this.embedding = embedding;
        this.config = config;
        this.board = board;
        this.tenants = tenants;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event, Loops loops) {
        boolean on = embedding.provider() != EmbeddingConfig.Provider.NONE;
        board.announce(NAME, on, on ? "embeds with " + embedding.provider().model() : "hq.embedding.provider is none");
        if (on) {
            loops.every(NAME, config.every(), this::run);
        }
    }

    /** Forgets that a provider refused. */
    public void again() {
        notBefore = Instant.MIN;
    }

    void run() {
        if (clock.instant().isBefore(notBefore)) {
            return;
        }
        List<String> problems = new ArrayList<>();
        tenants.each(tenant -> problem(tenant).ifPresent(problems::add));
        problems.stream().findFirst().ifPresent(why -> board.failed(NAME, why));
    }

    /** Embeds for a tenant; answers what kept it from that. */
    private Optional<String> problem(String tenant) {
        try {
            board.ran(NAME, embed(Scope.of(tenant, ACTOR, "embedding")));
            return Optional.empty();
        } catch (CapitaniaException e) {
            // What was handed out comes back by itself; the next round finds it.
            Log.warnf("not embedded tenant=%s code=%s why=%s", tenant, e.code().code(), e.detail());
            if (e.code() == ErrorCode.NOT_CONFIGURED) {
                notBefore = clock.instant().plus(config.pauseAfterRefusal());
            }
            return Optional.of(e.detail());
        }
    }

    private int embed(Scope scope) {
        EmbeddingConfig.Provider provider = embedding.provider();
        int stored = 0;
        boolean keepUp = true;
        Embeddings.Work work;
        do {
            work = handle(scope, ask(provider.model(), true));
            stored += work.items().size();
            String current = work.current();
            keepUp = keepUp && (current == null || current.equals(provider.model()) || keptUp(scope, current));
        } while (work.more());
        return stored;
    }

    private Embeddings.Ask ask(String model, boolean takeUp) {
        return new Embeddings.Ask(model, embedding.provider().dimensions(), takeUp, config.batch());
    }

    /** Whether the model that still answers queries took its texts. Its key may be gone for good: what takes over must not wait for it. */
    private boolean keptUp(Scope scope, String current) {
        try {
            handle(scope, ask(current, false));
            return true;
        } catch (CapitaniaException e) {
            Log.warnf("not kept up tenant=%s model=%s why=%s", scope.tenant(), current, e.detail());
            return false;
        }
    }

    private Embeddings.Work handle(Scope scope, Embeddings.Ask ask) {
        Embeddings.Work work = graph.embeddingWork(scope, ask, AS_WORKER);
        if (!work.items().isEmpty()) {
            graph.keepVectors(scope, vectors(ask.model(), work.items()), AS_WORKER);
        }
        return work;
    }

    private Embeddings.Vectors vectors(String model, List<Embeddings.Text> texts) {
        try {
            List<List<Float>> made = embedder.texts(
                    model, texts.stream().map(Embeddings.Text::text).toList());
            List<Embeddings.Vector> items = new ArrayList<>();
            for (int i = 0; i < texts.size(); i++) {
                items.add(vector(texts.get(i), made.get(i)));
            }
            return new Embeddings.Vectors(model, items, List.of());
        } catch (CapitaniaException e) {
            if (e.code() != ErrorCode.PROVIDER_REJECTED) {
                throw e;
            }
            Log.warnf("a batch was refused, its texts are tried one by one model=%s why=%s", model, e.detail());
            return oneByOne(model, texts);
        }
    }

    /** One text that is refused keeps no other from its vector. */
    private Embeddings.Vectors oneByOne(String model, List<Embeddings.Text> texts) {
        List<Embeddings.Vector> items = new ArrayList<>();
        List<Embeddings.Failure> failed = new ArrayList<>();
        for (Embeddings.Text text : texts) {
            try {
                items.add(
                        vector(text, embedder.texts(model, List.of(text.text())).getFirst()));
            } catch (CapitaniaException e) {
                if (e.code() != ErrorCode.PROVIDER_REJECTED) {
                    throw e;
                }
                failed.add(new Embeddings.Failure(text.nodeId(), e.detail()));
            }
        }
        return new Embeddings.Vectors(model, items, failed);
    }

    private static Embeddings.Vector vector(Embeddings.Text text, List<Float> vector) {
        return new Embeddings.Vector(text.nodeId(), text.textHash(), vector);
    }
}
