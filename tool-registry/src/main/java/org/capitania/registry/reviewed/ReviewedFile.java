package org.capitania.registry.reviewed;

import com.fasterxml.jackson.databind.DeserializationFeature;
import java.io.IOException;
import java.io.InputStream;
import org.capitania.contract.Json;

/** Reads a JSON file of this jar; one that is missing, or says what nobody reads, stops the start. */
public final class ReviewedFile {
    private ReviewedFile() {}

    /** @param name as in {@code reach.json} */
    public static <T> T read(String name, Class<T> type) {
        try (InputStream in = ReviewedFile.class.getResourceAsStream("/" + name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing");
            }
            return Json.MAPPER
                    .readerFor(type)
                    .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .readValue(in);
        } catch (IOException e) {
            throw new IllegalStateException(name + ": " + e.getMessage(), e);
        }
    }
}
