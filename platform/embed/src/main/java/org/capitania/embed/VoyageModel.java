package org.capitania.embed;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.voyageai.VoyageAiEmbeddingModel;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Voyage AI. Its vectors are nested (the first 512 numbers are a vector of their own), so they are cut to what the store keeps. The key is
 * used and never told: nothing here logs requests.
 */
final class VoyageModel implements TextModel {
    static final String NAME = "voyage-3.5-lite";
    private static final int DIMENSIONS = 512;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final EmbeddingModel documents;
    private final EmbeddingModel queries;

    VoyageModel(String key, @Nullable String baseUrl) {
        documents = model(key, baseUrl, "document");
        queries = model(key, baseUrl, "query");
    }

    @Override
    public List<List<Float>> vectors(List<String> texts, boolean query) {
        List<TextSegment> segments = texts.stream().map(TextSegment::from).toList();
        return (query ? queries : documents)
                .embedAll(segments).content().stream()
                        .map(embedding ->
                                UnitVectors.of(embedding.vector(), Math.min(DIMENSIONS, embedding.dimension())))
                        .toList();
    }

    private static EmbeddingModel model(String key, @Nullable String baseUrl, String inputType) {
        VoyageAiEmbeddingModel.Builder builder = VoyageAiEmbeddingModel.builder()
                .apiKey(key)
                .modelName(NAME)
                .inputType(inputType)
                .timeout(TIMEOUT)
                .maxRetries(1);
        return (baseUrl == null ? builder : builder.baseUrl(baseUrl)).build();
    }
}
