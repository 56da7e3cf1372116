package org.capitania.embed;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.bgesmallenv15q.BgeSmallEnV15QuantizedEmbeddingModel;
import java.util.List;

/** The model in a jar of this process: bge-small-en-v1.5, quantised; 384 dimensions, English. */
final class LocalModel implements TextModel {
    static final String NAME = "bge-small-en-v1.5-q";
    /** What its makers put before a question, which is shorter than what answers it. */
    private static final String QUESTION = "Represent this sentence for searching relevant passages: ";

    private final EmbeddingModel model = new BgeSmallEnV15QuantizedEmbeddingModel();

    @Override
    public List<List<Float>> vectors(List<String> texts, boolean query) {
        List<TextSegment> segments = texts.stream()
                .map(text -> TextSegment.from(query ? QUESTION + text : text))
                .toList();
        return model.embedAll(segments).content().stream()
                .map(embedding -> UnitVectors.of(embedding.vector(), embedding.dimension()))
                .toList();
    }
}
