package org.capitania.embed;

import java.util.ArrayList;
import java.util.List;

/** Vectors of length 1. */
final class UnitVectors {
    private UnitVectors() {}

    /** The first dimensions of a vector, stretched to length 1. */
    static List<Float> of(float[] vector, int dimensions) {
        double squares = 0;
        for (int i = 0; i < dimensions; i++) {
            squares += (double) vector[i] * vector[i];
        }
        double length = squares == 0 ? 1 : Math.sqrt(squares);
        List<Float> unit = new ArrayList<>(dimensions);
        for (int i = 0; i < dimensions; i++) {
            unit.add((float) (vector[i] / length));
        }
        return unit;
    }
}
