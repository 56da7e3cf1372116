package org.capitania.registry.reconcile;

/**
 * What a model said of a pair.
 *
 * @param says {@code same}, {@code different} or {@code unsure}
 * @param confidence how sure it said it was, 0 to 1
 * @param score how sure the rules were when it was judged
 */
record Verdict(String says, double confidence, String why, double score) {

    /** For people. */
    String said() {
        String word =
                says.equals("unsure") ? "it is not sure" : "they are " + (says.equals("same") ? "the same" : says);
        return "A model that compared them says that " + word + ", " + Math.round(confidence * 100) + " of 100: "
                + why.replaceAll("\\.+$", "");
    }
}
