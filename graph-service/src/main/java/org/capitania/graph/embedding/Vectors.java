package org.capitania.graph.embedding;

import java.util.List;
import java.util.stream.Collectors;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;

/** Vectors as the database reads them. */
public final class Vectors {
    /** The width of the column; a shorter vector is filled up with zeros, which leaves its cosine as it is. */
    static final int WIDTH = 512;

    private Vectors() {}

    /** The text form of a vector, filled up to the width of the column. */
    public static String literal(List<Float> vector) {
        if (vector.isEmpty() || vector.size() > WIDTH || !vector.stream().allMatch(Float::isFinite)) {
            String allowed = "1 to " + WIDTH + " finite numbers";
            throw new CapitaniaException(
                    ErrorCode.SCHEMA_VIOLATION,
                    "a vector is something else than " + allowed,
                    List.of(new FieldError("/vector", vector.size() + " numbers", allowed, "not a vector")));
        }
        return vector.stream().map(String::valueOf).collect(Collectors.joining(",", "[", ""))
                + ",0".repeat(WIDTH - vector.size())
                + "]";
    }
}
