package org.capitania.graph.cypher;

/**
 * A word of a query.
 *
 * @param written as it goes to the database
 * @param spaced whether something stood between it and the word before
 */
record CypherWord(Kind kind, String written, boolean spaced) {
    enum Kind {
        NAME,
        QUOTED_NAME,
        PARAMETER,
        STRING,
        NUMBER,
        SIGN
    }

    boolean is(String sign) {
        return kind == Kind.SIGN && written.equals(sign);
    }

    boolean isWord(String keyword) {
        return kind == Kind.NAME && written.equalsIgnoreCase(keyword);
    }
}
