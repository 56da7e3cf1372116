package org.capitania.agentruntime.transcript;

/**
 * What a model call used, as the provider counted it.
 *
 * @param input tokens that were neither read from nor written to a cache
 */
public record Usage(long input, long output, long cacheRead, long cacheWrite) {
    public static final Usage NONE = new Usage(0, 0, 0, 0);

    public Usage plus(Usage other) {
        return new Usage(
                input + other.input, output + other.output, cacheRead + other.cacheRead, cacheWrite + other.cacheWrite);
    }

    /** What was sent, from a cache or not. */
    public long prompt() {
        return input + cacheRead + cacheWrite;
    }
}
