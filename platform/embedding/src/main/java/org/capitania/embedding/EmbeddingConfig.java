package org.capitania.embedding;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** How texts become vectors. */
@ConfigMapping(prefix = "hq.embedding")
public interface EmbeddingConfig {
    /** Whose vectors are made for nodes; those of another model still answer queries until these are complete. */
    @WithDefault("local")
    Provider provider();

    /** The program of the process {@code hq-embed}; without it there are no vectors. */
    Optional<Path> jar();

    /** Where the process says on which port it listens; services with the same directory share one process. */
    @WithDefault("${hq.home:.hq}/run")
    Path directory();

    /** Where its output goes; nowhere by default. */
    Optional<Path> log();

    /** How long a search waits for the vector of its words before it goes without; a process that has to be started takes 2 to 4 s. */
    @WithDefault("5s")
    Duration queryWithin();

    /** How long a batch of texts may take. */
    @WithDefault("60s")
    Duration batchWithin();

    /** After a process could not be started or did not answer, how long nobody tries again. */
    @WithDefault("10s")
    Duration pauseAfterFailure();

    /** When an unused process ends. */
    @WithDefault("5m")
    Duration idle();

    Voyage voyage();

    /** Who makes the vectors. */
    enum Provider {
        /** The model inside {@code hq-embed}: no key and no network; English only. */
        LOCAL("bge-small-en-v1.5-q", 384),
        /** Voyage AI. */
        VOYAGE("voyage-3.5-lite", 512),
        /** Nobody. */
        NONE("none", 1);

        private final String model;
        private final int dimensions;

        Provider(String model, int dimensions) {
            this.model = model;
            this.dimensions = dimensions;
        }

        /** The name under which its vectors are kept. */
        public String model() {
            return model;
        }

        public int dimensions() {
            return dimensions;
        }
    }

    /** Voyage AI. */
    interface Voyage {
        /** Given to {@code hq-embed} in its environment, never on a command line. */
        Optional<String> apiKey();

        /** Another address, for a proxy or a test. */
        Optional<URI> baseUrl();
    }
}
