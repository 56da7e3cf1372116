package org.capitania.bench;

import java.util.ArrayList;
import java.util.List;

/** What the memos of a run say: a few bodies, the same for all who write, so that none has more to index. */
final class Texts {
    static final int COUNT = 10;
    private static final long SEED = 20261121;

    private final List<String> titles = new ArrayList<>();
    private final List<String> bodies = new ArrayList<>();

    Texts() {
        SearchData words = new SearchData(SEED);
        for (int i = 0; i < COUNT; i++) {
            titles.add(words.text(4));
            bodies.add(words.text(60));
        }
    }

    /** A create op for a memo; the number makes its slug its own. */
    String create(long number) {
        int text = (int) (number % COUNT);
        return "{\"op\":\"create\",\"type\":\"memo\",\"props\":{\"title\":\"" + number + " " + titles.get(text)
                + "\",\"body_md\":\"" + bodies.get(text) + "\"}}";
    }

    String title(int number) {
        return titles.get(number % COUNT);
    }

    String body(int number) {
        return bodies.get(number % COUNT);
    }

    static String patch(String id) {
        return "{\"op\":\"patch\",\"id\":\"" + id + "\",\"status\":\"final\",\"props\":{\"kind\":\"research\"}}";
    }
}
