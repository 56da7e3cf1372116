package org.capitania.registry.models;

/** Tokens as a provider counted them; cached input is not in {@code input}. */
record Usage(long input, long output, long cacheRead, long cacheWrite) {
    static final Usage NONE = new Usage(0, 0, 0, 0);

    /** What was sent, from a cache or not. */
    long prompt() {
        return input + cacheRead + cacheWrite;
    }

    boolean counted() {
        return input + output + cacheRead + cacheWrite > 0;
    }

    /** The larger of each: a stream repeats and raises its figures. */
    Usage max(Usage other) {
        return new Usage(
                Math.max(input, other.input),
                Math.max(output, other.output),
                Math.max(cacheRead, other.cacheRead),
                Math.max(cacheWrite, other.cacheWrite));
    }
}
