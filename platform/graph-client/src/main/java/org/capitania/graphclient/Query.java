package org.capitania.graphclient;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A path with its query; a parameter without a value is left out. */
final class Query {
    private final StringBuilder path;
    private char next = '?';

    Query(String path) {
        this.path = new StringBuilder(path);
    }

    Query with(String name, @Nullable Object value) {
        if (value != null) {
            path.append(next)
                    .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                    .append('=')
                    .append(URLEncoder.encode(value.toString(), StandardCharsets.UTF_8));
            next = '&';
        }
        return this;
    }

    String path() {
        return path.toString();
    }
}
