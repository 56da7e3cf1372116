package org.capitania.contract.api;

import java.util.List;

/**
 * Asks the process {@code hq-embed} for vectors ({@code POST /v1/embed}, on the loopback, with the bearer token of its announcement).
 *
 * @param model whose vectors
 * @param query whether the texts are what people search for, which some models embed in another way than what is searched
 */
public record EmbedTexts(String model, boolean query, List<String> texts) {

    /** One vector a text, each of length 1, in the order of the texts. */
    public record Vectors(String model, int dimensions, List<List<Float>> vectors) {}

    /** Where the process listens; kept in a file that only its user can read. */
    public record Announcement(int port, String token, long pid) {}
}
