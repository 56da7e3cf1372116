package org.capitania.registry.files;

import java.util.List;

/**
 * A pattern for paths: a star for any part of a name, a question mark for one character, two stars for any directories. It is matched in
 * steps that grow with the product of both lengths, whatever it says.
 */
record Glob(List<String> parts) {
    private static final String DEEP = "**";

    static Glob of(String pattern) {
        return new Glob(List.of(pattern.split("/")));
    }

    boolean matches(FilePath path) {
        List<String> names = path.names();
        boolean[] open = new boolean[names.size() + 1];
        open[0] = true;
        for (String part : parts) {
            boolean[] next = new boolean[names.size() + 1];
            for (int i = 0; i <= names.size(); i++) {
                if (part.equals(DEEP)) {
                    next[i] = open[i] || (i > 0 && next[i - 1]);
                } else {
                    next[i] = i > 0 && open[i - 1] && name(part, names.get(i - 1));
                }
            }
            open = next;
        }
        return open[names.size()];
    }

    private static boolean name(String pattern, String name) {
        int p = 0;
        int n = 0;
        int star = -1;
        int resume = 0;
        while (n < name.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = n;
            } else if (p < pattern.length() && (pattern.charAt(p) == '?' || pattern.charAt(p) == name.charAt(n))) {
                p++;
                n++;
            } else if (star >= 0) {
                p = star + 1;
                n = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
