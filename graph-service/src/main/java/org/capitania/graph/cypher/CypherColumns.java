package org.capitania.graph.cypher;

import java.util.ArrayList;
import java.util.List;
import org.capitania.graph.cypher.CypherWord.Kind;

/** What a query returns, by name: PostgreSQL has to be told how many columns there will be. */
final class CypherColumns {
    private CypherColumns() {}

    /** The names of the columns; one without a name where nothing is returned, as by a query that only writes. */
    static List<String> of(List<CypherWord> words) {
        int from = lastReturn(words) + 1;
        if (from == 0) {
            return List.of("");
        }
        if (from < words.size() && words.get(from).isWord("DISTINCT")) {
            from++;
        }
        List<String> names = new ArrayList<>();
        List<CypherWord> item = new ArrayList<>();
        int depth = 0;
        for (CypherWord word : words.subList(from, words.size())) {
            depth += depth(word);
            if (depth == 0 && ends(word)) {
                break;
            }
            if (depth == 0 && word.is(",")) {
                names.add(name(item));
                item.clear();
            } else {
                item.add(word);
            }
        }
        names.add(name(item));
        return List.copyOf(names);
    }

    /** The RETURN of the query itself, or of its first part where there is a UNION; -1 where there is none. */
    private static int lastReturn(List<CypherWord> words) {
        int depth = 0;
        int last = -1;
        for (int i = 0; i < words.size(); i++) {
            depth += depth(words.get(i));
            boolean name =
                    i > 0 && (words.get(i - 1).is(".") || words.get(i - 1).is(":"));
            if (depth == 0 && !name && words.get(i).isWord("RETURN")) {
                last = i;
            } else if (depth == 0 && !name && words.get(i).isWord("UNION")) {
                return last;
            }
        }
        return last;
    }

    private static int depth(CypherWord word) {
        return word.is("(") || word.is("[") || word.is("{") ? 1 : word.is(")") || word.is("]") || word.is("}") ? -1 : 0;
    }

    private static boolean ends(CypherWord word) {
        return word.isWord("ORDER") || word.isWord("SKIP") || word.isWord("LIMIT") || word.isWord("UNION");
    }

    private static String name(List<CypherWord> item) {
        int size = item.size();
        if (size >= 3 && item.get(size - 2).isWord("AS") && item.getLast().kind() != Kind.SIGN) {
            return item.getLast().written().replace("`", "");
        }
        StringBuilder text = new StringBuilder();
        item.forEach(
                word -> text.append(word.spaced() && !text.isEmpty() ? " " : "").append(word.written()));
        if (text.isEmpty() || text.toString().equals("*")) {
            throw CypherText.refused("RETURN has to name what it returns, for example RETURN n, m.title");
        }
        return text.toString();
    }
}
