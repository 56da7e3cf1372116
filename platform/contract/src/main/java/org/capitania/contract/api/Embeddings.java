package org.capitania.contract.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The models whose vectors a tenant has, the one in use first ({@code GET /v1/embeddings}).
 *
 * @param models none before the first is known
 */
public record Embeddings(List<Model> models) {

    /**
     * One model.
     *
     * @param state {@code filling}: it takes over once it is complete; {@code current}: queries use it; {@code retired}: it goes
     * @param waiting texts that have no vector of it yet, or an older one
     * @param failed texts that were given up, among those that wait
     */
    public record Model(
            String model, int dimensions, String state, long vectors, long waiting, long failed, Instant since) {}

    /**
     * Asks for texts to embed ({@code POST /v1/embeddings/work}); the embed worker only.
     *
     * @param takeUp whether the model is the one that is wanted: it is taken up when it is new, and takes over when it is complete. Otherwise
     *     there is work only as long as queries use it
     * @param limit at most so many texts, 32 by default and 500 at most
     */
    public record Ask(
            String model,
            int dimensions,
            boolean takeUp,
            @Nullable Integer limit) {}

    /**
     * Texts handed out for two minutes.
     *
     * @param state null when the tenant does not use the model
     * @param current the model that queries use meanwhile: its vectors are to be kept up too
     * @param more whether there is more to do for the model at once
     */
    public record Work(
            String model, @Nullable String state, @Nullable String current, boolean more, List<Text> items) {}

    /**
     * One text.
     *
     * @param textHash goes back with the vector, so that a vector of an older text is not taken for one of the newer
     */
    public record Text(String nodeId, String textHash, String text) {}

    /** Vectors for texts handed out ({@code PUT /v1/embeddings}); the embed worker only. */
    public record Vectors(String model, List<Vector> items, List<Failure> failed) {}

    /**
     * One vector.
     *
     * @param vector as many numbers as the model has dimensions
     */
    public record Vector(String nodeId, String textHash, List<Float> vector) {}

    /** A text that no vector could be made of. */
    public record Failure(String nodeId, String error) {}

    /** How many of the vectors were kept; the others belong to texts that have changed meanwhile. */
    public record Stored(int stored) {}
}
