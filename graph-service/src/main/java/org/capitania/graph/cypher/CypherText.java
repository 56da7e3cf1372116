package org.capitania.graph.cypher;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * A query, read into words and written anew: what goes to the database has no comment, no escape and no quote that we have not written
 * ourselves, so that it cannot mean something else there. Functions are those of Cypher only: AGE calls any function of the database
 * whose schema is named, also ones that answer for another tenant's graph.
 */
record CypherText(String text, List<String> columns, boolean takesParameters) {
    /** What encloses the text; no word of it can contain it. */
    static final String QUOTE = "$hq_cypher$";

    private static final int LONGEST = 20_000;

    /** Functions that answer from their arguments alone. */
    private static final Set<String> FUNCTIONS = Set.of(
            "abs",
            "acos",
            "asin",
            "atan",
            "atan2",
            "avg",
            "ceil",
            "coalesce",
            "collect",
            "cos",
            "cot",
            "count",
            "degrees",
            "e",
            "exists",
            "exp",
            "floor",
            "head",
            "id",
            "isempty",
            "keys",
            "label",
            "labels",
            "last",
            "left",
            "length",
            "log",
            "log10",
            "ltrim",
            "max",
            "min",
            "nodes",
            "percentilecont",
            "percentiledisc",
            "pi",
            "properties",
            "radians",
            "range",
            "relationships",
            "replace",
            "reverse",
            "right",
            "round",
            "rtrim",
            "sign",
            "sin",
            "size",
            "split",
            "sqrt",
            "stdev",
            "stdevp",
            "substring",
            "sum",
            "tail",
            "tan",
            "timestamp",
            "toboolean",
            "tobooleanlist",
            "tofloat",
            "tofloatlist",
            "tointeger",
            "tointegerlist",
            "tolower",
            "tostring",
            "tostringlist",
            "toupper",
            "trim",
            "type");

    /** Words that may stand before a parenthesis; that a query would write is found out from its plan. */
    private static final Set<String> WORDS = Set.of(
            "all",
            "and",
            "any",
            "by",
            "case",
            "contains",
            "create",
            "delete",
            "distinct",
            "else",
            "in",
            "limit",
            "match",
            "merge",
            "none",
            "not",
            "on",
            "or",
            "remove",
            "return",
            "set",
            "single",
            "skip",
            "then",
            "unwind",
            "when",
            "where",
            "with",
            "xor");

    /** Reads a query; what cannot be understood for sure is refused with its place. */
    static CypherText of(@Nullable String query) {
        if (query == null || query.isBlank()) {
            throw refused("/query is empty; expected a query such as MATCH (t:task) RETURN t.title");
        }
        if (query.length() > LONGEST) {
            throw refused("/query has " + query.length() + " characters; expected at most " + LONGEST);
        }
        List<CypherWord> words = new ArrayList<>(new CypherReader(query).words());
        if (!words.isEmpty() && words.getLast().is(";")) {
            words.removeLast();
        }
        for (int i = 0; i < words.size(); i++) {
            check(words, i);
        }
        StringBuilder text = new StringBuilder();
        words.forEach(word -> text.append(word.spaced() ? " " : "").append(word.written()));
        return new CypherText(
                text.toString(),
                CypherColumns.of(words),
                words.stream().anyMatch(word -> word.kind() == CypherWord.Kind.PARAMETER));
    }

    private static void check(List<CypherWord> words, int i) {
        CypherWord word = words.get(i);
        if (word.is(";")) {
            throw refused("there is more than one query; expected one");
        }
        if (i + 1 == words.size() || !words.get(i + 1).is("(")) {
            return;
        }
        boolean qualified = i > 0 && words.get(i - 1).is(".");
        String name = word.written();
        if (word.kind() == CypherWord.Kind.QUOTED_NAME || (word.kind() == CypherWord.Kind.NAME && qualified)) {
            throw refused(
                    "the function " + name + " is not Cypher's; a function is written plainly and without a schema");
        }
        String plain = name.toLowerCase(Locale.ROOT);
        if (word.kind() == CypherWord.Kind.NAME && !FUNCTIONS.contains(plain) && !WORDS.contains(plain)) {
            throw refused("there is no function " + name + " here; there are "
                    + FUNCTIONS.stream().sorted().toList());
        }
    }

    static CapitaniaException refused(String why) {
        return new CapitaniaException(ErrorCode.SCHEMA_VIOLATION, why);
    }
}
