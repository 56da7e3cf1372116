package org.capitania.embed;

import java.util.List;

/** Makes vectors of texts. */
interface TextModel {
    /** One vector of length 1 a text, in the order of the texts. */
    List<List<Float>> vectors(List<String> texts, boolean query);
}
